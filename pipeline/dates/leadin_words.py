"""What lead-ins are made of: agencies, cities that stand alone, states, and first words that are no place.

A lead-in without a date or an agency is proven by its place alone, so only places listed here prove one. Capitals in
front of a dash may be anything: a surname, a flag word, a heading.
"""

from __future__ import annotations

from functools import cache, lru_cache

from pipeline.patterns import lazy_compile

_AGENCIES = """
    AP; The AP; Associated Press; The Associated Press; UPI; United Press International; Reuter; Reuters; Reuters
    Life; Reuters Breakingviews; Reuters Health; Thomson Reuters Foundation; AFP; Agence France-Presse;
    AFP-Services; Relaxnews; dpa; dpa-AFX; afx; AFX News; tmn; dapd; ddp; APA; APA-OTS; sda; ats; ANP; Belga; NTB;
    TT; Ritzau; STT; BNS; ELTA; LETA; PAP; ČTK; CTK; TASR; SITA; MTI; Agerpres; Mediafax; BTA; BGNES; Beta; Tanjug;
    Hina; Fena; SRNA; STA; MIA; ATA; ANA; ANA-MPA; AA; Anadolu; Anadolu Agency; DHA; İHA; IHA; ANKA; UBA; TASS;
    ITAR-TASS; RIA; RIA Novosti; Sputnik; Interfax; INTERFAX.RU; Interfax-Ukraine; Interfax-Zapad; Ukrinform; UNIAN;
    UNN; BelTA; Kazinform; Azertac; APA News; Armenpress; Arka; Kabar; AKIpress; UzA; Montsame; KCNA; Xinhua; CNS;
    CNA; Kyodo; Kyodo News; Jiji; Jiji Press; Yonhap; Newsis; News1; VNA; VNS; TNA; Bernama; Antara; PNA; PTI; ANI;
    IANS; UNI; KNS; APP; PPI; BSS; UNB; RSS; Lankapuvath; SANA; NNA; Petra; WAFA; WAM; KUNA; QNA; BNA; SPA; ONA;
    SABA; INA; NINA; MENA; LANA; TAP; APS; MAP; AMI; IRNA; MNA; Mehr; Mehr News; ISNA; FNA; Fars; Tasnim; ILNA;
    IQNA; ABNA; ICANA; IRIB; IBNA; ISCA; YJC; PANA; APS-Dakar; SUNA; ENA; NAN; GNA; ANGOP; AIM; SAPA; KBC; ACP; EFE;
    Agencia EFE; ACAN-EFE; Europa Press; EP; Notimex; Télam; Telam; ANSA; AGI; Adnkronos; LaPresse; Askanews;
    AskaNews; Lusa; Agência Brasil; Folhapress; Estadão Conteúdo; Prensa Latina; PL; AVN; ABI; Andina; Xinhua News
    Agency; CP; The Canadian Press; Canadian Press; PA; Press Association; PA Media; AAP; NZPA; RNZ; CNN; CNN Wire;
    BBC; VOA; RFE/RL; RFE; KNA; epd; SID; UCA News; Zenit; CNS News; PRNewswire; PR Newswire; PRNewswire-FirstCall;
    PRNewswire-USNewswire; Business Wire; BUSINESS WIRE; GLOBE NEWSWIRE; GlobeNewswire; Marketwired; Marketwire;
    CNW; Newsfile Corp.; ACCESSWIRE; Bloomberg; Dow Jones; Dow Jones Newswires; MarketWatch; KUNA News; IPS; PNS;
    JTA; TPS; Rudaw; IRIN; APO; ТАСС; ИТАР-ТАСС; РИА Новости; РИА; Интерфакс; Прайм; Регнум; REGNUM; РАПСИ; БелТА;
    БЕЛТА; Укринформ; УНИАН; УНН; Укрінформ; УНІАН; Інтерфакс-Україна; Казинформ; Танјуг; Бета; Срна; БТА; БГНЕС;
    АПА; КазТАГ; سانا; واع; نينا; وام; كونا; قنا; بنا; بترا; وفا; وات; واج; واس; سبأ; سونا; شينخوا; رويترز; رويتر; أ
    ف ب; ا ف ب; أ.ف.ب; ا.ف.ب; أف ب; فرانس برس; أ ب; أ.ب; د ب أ; د.ب.أ; أ ش أ; أ.ش.أ; أش أ; الأناضول; الاناضول; إرنا;
    ارنا; فارس; تسنيم; مهر; إسنا; سبوتنيك; تاس; معا; صفا; العالم; وكالات; الوكالات; ایرنا; ایسنا; ایلنا; ایکنا;
    ایبنا; تسنیم; پانا; ایمنا; شینهوا; رویترز; خبرگزاری مهر; خبرگزاری فارس; آناتولی; اسپوتنیک; باشگاه خبرنگاران;
    برنا; میزان; اے پی پی; اے ایف پی; סוכנויות; רויטרס; 新华社; 中新社; 中新网; 中央社; ロイター; 共同; 時事
    """

_PRINTED = frozenset(" ".join(name.split()) for name in _AGENCIES.split(";"))

AGENCIES = _PRINTED | {name.upper() for name in _PRINTED}
"""News agencies as lead-ins print them, and in capitals."""

BROADCASTERS = frozenset({"BBC", "CNN", "VOA", "RNZ", "KBC", "Bloomberg", "MarketWatch"})
"""Those of them whose name stands behind that of a reporter as often as behind a place."""

_PART = lazy_compile(r"\s?[/,+&|]\s?|-(?!\p{L}{1,3}\b)")
_PARTING = lazy_compile(r"[/,+&|\-]")

_STAND_ALONE = """
    Atlanta; Baltimore; Boston; Chicago; Cincinnati; Cleveland; Dallas; Denver; Detroit; Honolulu; Houston;
    Indianapolis; Las Vegas; Los Angeles; Miami; Milwaukee; Minneapolis; New Orleans; New York; Oklahoma City;
    Philadelphia; Phoenix; Pittsburgh; St. Louis; Salt Lake City; San Antonio; San Diego; San Francisco; Seattle;
    Washington; United Nations; Amsterdam; Ankara; Athens; Baghdad; Bangkok; Barcelona; Beijing; Beirut; Belgrade;
    Berlin; Bogota; Bogotá; Brasilia; Brussels; Bucharest; Budapest; Buenos Aires; Cairo; Canberra; Caracas;
    Copenhagen; Damascus; Delhi; Dhaka; Djibouti; Doha; Dubai; Dublin; Frankfurt; Gaza City; Geneva; Gibraltar;
    Guatemala City; Hamburg; Hanoi; Havana; Helsinki; Hong Kong; Islamabad; Istanbul; Jakarta; Jerusalem;
    Johannesburg; Kabul; Karachi; Kathmandu; Khartoum; Kiev; Kyiv; Kuala Lumpur; Kuwait; Kuwait City; Lagos; Lahore;
    Lima; Lisbon; London; Luxembourg; Macau; Madrid; Manama; Manila; Mecca; Melbourne; Mexico City; Milan; Minsk;
    Monaco; Montevideo; Montreal; Moscow; Mumbai; Munich; Muscat; Nairobi; New Delhi; Nicosia; Oslo; Ottawa; Panama
    City; Paris; Prague; Quebec City; Quito; Rabat; Ramallah; Reykjavik; Riga; Rio de Janeiro; Riyadh; Rome; San
    Jose; San Salvador; Sanaa; Santiago; Sao Paulo; São Paulo; Sarajevo; Seoul; Shanghai; Singapore; Skopje; Sofia;
    St. Petersburg; Stockholm; Sydney; Taipei; Tallinn; Tashkent; Tbilisi; Tehran; Tel Aviv; The Hague; Tirana;
    Tokyo; Toronto; Tripoli; Tunis; Ulaanbaatar; Vatican City; Vienna; Vilnius; Warsaw; Yangon; Yerevan; Zagreb;
    Zurich; Algiers; Amman; Abu Dhabi; Addis Ababa; Accra; Dakar; Harare; Kampala; Kinshasa; Kigali; Lusaka
    """

STAND_ALONE = frozenset(" ".join(name.split()).casefold() for name in _STAND_ALONE.split(";"))
"""Cities that newsrooms print without a state or country."""

_STATES = """
    Ala.; Ariz.; Ark.; Calif.; Colo.; Conn.; Del.; Fla.; Ga.; Ill.; Ind.; Kan.; Ky.; La.; Md.; Mass.; Mich.; Minn.;
    Miss.; Mo.; Mont.; Neb.; Nev.; N.H.; N.J.; N.M.; N.Y.; N.C.; N.D.; Okla.; Ore.; Pa.; Penn.; R.I.; S.C.; S.D.;
    Tenn.; Tex.; Vt.; Va.; Wash.; W.Va.; W. Va.; Wis.; Wyo.; D.C.; P.R.; Alabama; Alaska; Arizona; Arkansas;
    California; Colorado; Connecticut; Delaware; Florida; Georgia; Hawaii; Idaho; Illinois; Indiana; Iowa; Kansas;
    Kentucky; Louisiana; Maine; Maryland; Massachusetts; Michigan; Minnesota; Mississippi; Missouri; Montana;
    Nebraska; Nevada; New Hampshire; New Jersey; New Mexico; New York; North Carolina; North Dakota; Ohio; Oklahoma;
    Oregon; Pennsylvania; Rhode Island; South Carolina; South Dakota; Tennessee; Texas; Utah; Vermont; Virginia;
    Washington; West Virginia; Wisconsin; Wyoming; AL; AZ; AR; CA; CO; CT; FL; IL; KS; KY; MD; MA; MI; MN; MS; MO;
    NE; NV; NH; NJ; NM; NY; NC; ND; OH; OK; PA; RI; SC; SD; TN; TX; UT; VT; VA; WA; WV; WI; WY; DC; Alberta; British
    Columbia; Manitoba; New Brunswick; Newfoundland; Nova Scotia; Ontario; Prince Edward Island; Quebec;
    Saskatchewan; Alta.; B.C.; Man.; N.B.; N.S.; Ont.; Que.; Sask.; New South Wales; Queensland; Victoria; Tasmania;
    South Australia; Western Australia; England; Scotland; Wales; Northern Ireland; West Bank; Gaza Strip; Gaza;
    Crimea; Kashmir; Tibet; Sicily; Bavaria; Korea; Burma; U.S.; U.K.; USA; UK; UAE; U.A.E.; Congo; Ivory Coast;
    Bosnia; Macedonia; Palestine; Vatican; Hong Kong; Macau; Turkey; Czech Republic; Holland; Syria
    """

STATES = frozenset(" ".join(name.split()).casefold().rstrip(".") for name in _STATES.split(";"))
"""States, provinces and short names of countries as they stand behind a city, in lower case without a final stop."""

_NO_PLACE = """
    the a an in on at from by for with after before since until near to as and but or if when while this that it he
    she we they there here today yesterday tomorrow tonight update updated updates correction corrections corrected
    clarification note notes editor editors published posted modified opinion breaking watch watching live exclusive
    video videos photo photos audio gallery picture pictures warning analysis comment commentary editorial review
    interview profile factbox timeline explainer explained quote quotes summary brief briefs urgent flash alert
    advisory press release statement report news newsletter podcast transcript preview recap week month year day
    date issue part chapter section page source sources contact tel phone fax dear re subject question answer faq
    read more also see related advertisement sponsored tickets doors starts season episode round game match final
    finals fixtures results score scores wanted sold free new le les der das die den el los las il lo gli am im um seit
    ab bis nach von vom au aux du des en dans le depuis desde hasta dal dalla dopo para por em no na w we od do dla
    przed po в во на с со к о об от до для по из за при это он она actualización actualizado mise à jour
    aktualisiert обновлено опубликовано фото видео
    """

NO_PLACE = frozenset(_NO_PLACE.split())
"""Words that begin a sentence or a heading, in lower case: a lead-in that consists of them is none."""

ARTICLES = frozenset({"the", "le", "el", "la", "los", "las", "die", "den", "new", "au", "des", "am"})
"""Words of :data:`NO_PLACE` that also begin the names of places; behind them more must stand."""


@lru_cache(maxsize=4096)
def is_agency(name: str) -> bool:
    """Whether a text is the name of a news agency, or several names with a slash, a comma or a hyphen between them.

    >>> is_agency("dpa/tmn"), is_agency("Reuters"), is_agency("CDU")
    (True, True, False)
    """
    wanted = " ".join(name.split()).strip("*!\"'“”«»")
    if wanted in AGENCIES or wanted.rstrip(".") in AGENCIES or wanted.replace(".", "") in AGENCIES:
        return True
    if _PARTING.search(wanted) is None:
        return False
    parts = [part.strip(" .") for part in _PART.split(wanted)]
    return len(parts) > 1 and any(part in AGENCIES for part in parts)


@cache
def _territories() -> frozenset[str]:
    from babel import Locale

    return frozenset(
        name.casefold()
        for code, name in Locale.parse("en").territories.items()
        if not code.isdigit() and len(code) == len("FR")
    )


def is_region(name: str) -> bool:
    """Whether a text names a state, a province or a country, in English.

    >>> is_region("N.Y."), is_region("Philippines"), is_region("Chairman")
    (True, True, False)
    """
    wanted = name.casefold().rstrip(".")
    return wanted in STATES or wanted in _territories()


def stands_alone(place: str) -> bool:
    """Whether a place, or one of several with a slash between them, is known without a region.

    >>> stands_alone("ST. LOUIS"), stands_alone("LONDON/PARIS"), stands_alone("BREAKING")
    (True, True, False)
    """
    return all(part.strip().casefold() in STAND_ALONE for part in place.split("/"))


@lru_cache(maxsize=4096)
def is_no_place(place: str) -> bool:
    """Whether a place is none: a sentence or a heading begins or ends with that word, or it is an agency.

    >>> is_no_place("On Monday"), is_no_place("The Hague"), is_no_place("Update")
    (True, False, True)
    """
    first, *others = place.casefold().split()
    first = first.rstrip(".,'’")
    if (first in NO_PLACE and not (others and first in ARTICLES)) or (others and others[-1] in NO_PLACE):
        return True
    return is_agency(place)
