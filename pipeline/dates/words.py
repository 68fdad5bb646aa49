"""The small words of timestamp lines, by language: labels, halves of the day, units, eras, and what only connects.

CLDR has the names of months and weekdays; what newsrooms print around them stands here. Each table maps a meaning to
words, separated by ``|``; a word of several parts is matched part by part.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.dates.normal import fold

PUBLISHED = (
    "article published|story published|page published|post published|article posted|story posted|article created|"
    "artikel veröffentlicht|artículo publicado|article publié|articolo pubblicato|artigo publicado|статья опубликована|"
    "published|publish date|posted|created|first published|date of publication|date|issued|filed|release date|"
    "veröffentlicht|publiziert|erschienen|erstellt|datum|publicado|publicada|postado|creado|fecha|data|publié|publie|"
    "mis en ligne|paru|pubblicato|pubblicata|publicat|publicerad|publicerat|publisert|publiceret|udgivet|gepubliceerd|"
    "geplaatst|julkaistu|avaldatud|publicēts|paskelbta|opublikowano|opublikowany|publikacja|dodano|publikováno|"
    "zveřejněno|vydáno|publikované|objavljeno|objavljen|publikovano|megjelent|közzétéve|publikuar|δημοσιεύθηκε|"
    "δημοσίευση|опубликовано|дата публикации|опубликован|размещено|опубліковано|публікація|публикувано|објављено|"
    "објавено|жарияланды|yayınlanma|yayınlandı|yayın tarihi|giriş|giriş tarihi|eklenme|nəşr edilib|diterbitkan|"
    "dipublikasikan|diterbitkan pada|terbit|đăng ngày|ngày đăng|cập nhật lúc đăng|นำเสนอ|เผยแพร่|发布|發布|发表|發表|"
    "发布时间|發布時間|时间|時間|发表时间|发布于|公開|公開日|掲載|投稿|投稿日|配信|입력|등록|게시|작성|기사입력|"
    "نشر|نشرت|تاريخ النشر|التاريخ|تاريخ|نُشر|انتشار|تاریخ انتشار|منتشر شده|تاریخ|شائع|اشاعت|تاریخ اشاعت|פורסם|"
    "תאריך פרסום|प्रकाशित|प्रकाशन|প্রকাশ|প্রকাশিত|પ્રકાશિત|प्रकाशित तिथि|வெளியிடப்பட்டது|ప్రచురణ"
)
"""Labels of the time a text came out."""
ANY_DAY = "date|datum|fecha|data|release date|时间|時間|التاريخ|تاريخ|تاریخ"
"""Those of them that head other days as well, such as an event's."""

UPDATED = (
    "article updated|article last updated|story updated|story last updated|page updated|page last updated|"
    "page last modified|page modified|post updated|artikel aktualisiert|artículo actualizado|article mis à jour|"
    "articolo aggiornato|artigo atualizado|статья обновлена|"
    "updated|last updated|last update|update|modified|last modified|edited|last edited|revised|aktualisiert|"
    "letzte aktualisierung|letzte änderung|zuletzt aktualisiert|zuletzt überarbeitet|zuletzt geändert|bearbeitet|stand|"
    "actualizado|actualizada|última actualización|modificado|atualizado|atualizada|última atualização|atualizado em|"
    "mis à jour|mise à jour|modifié|dernière mise à jour|actualisé|aggiornato|ultimo aggiornamento|modificato|"
    "actualitzat|actualizat|uppdaterad|uppdaterat|oppdatert|sist oppdatert|opdateret|bijgewerkt|laatst bijgewerkt|"
    "laatste update|päivitetty|muokattu|uuendatud|atjaunots|atnaujinta|zaktualizowano|aktualizacja|aktualizováno|"
    "aktualizované|ažurirano|posodobljeno|frissítve|módosítva|përditësuar|ενημερώθηκε|ενημέρωση|τελευταία ενημέρωση|"
    "обновлено|обновлён|изменено|оновлено|обновена|ажурирано|ажурирано|жаңартылды|güncelleme|güncellendi|"
    "son güncelleme|son güncelleme tarihi|güncelleme tarihi|yenilənib|diperbarui|diperbaharui|pembaruan|"
    "cập nhật|cập nhật lúc|ปรับปรุง|อัปเดต|อัพเดท|更新|更新时间|更新時間|更新日|最終更新|最終更新日|修改|수정|최종수정|"
    "업데이트|محدثة|محدث|تحديث|آخر تحديث|تم التحديث|تاريخ التحديث|به روز رسانی|بروزرسانی|اخری تازہ کاری|עודכן|"
    "עדכון אחרון|अपडेट|अपडेटेड|आधुनिकीकृत|আপডেট|হালনাগাদ|અપડેટ"
)
"""Labels of the time a text was changed."""

CONNECTING = (
    "on|the|of|at|sur|гараг|ta'|dl|su|dal|نچی|die|dhen|lia|klock|oṣù|las|los|last|first|date|and|de|del|d|el|a|à|às|as|alle|ore|ora|le|la|em|il|di|do|da|den|der|dem|dne|dnia|am|um|"
    "vom|zum|kl|klo|kello|klokka|klokken|om|op|te|u|o|ob|v|ve|w|godz|godzina|dana|i|på|pe|të|më|në|στις|στη|του|της|και|в|"
    "во|от|у|о|об|з|на|час|ы|saat|tarih|tarihi|tarihinde|saati|pukul|jam|pada|tanggal|ngày|lúc|hari|petsa|ni|noong|"
    "tarehe|mnamo|saa|วัน|วันที่|ที่|เวลา|เมื่อ|เดือน|ไทย|الساعة|الساعه|ساعة|في|يوم|بتاريخ|الموافق|الموافق ل|لـ|ل|من|شهر|"
    "سنة|عام|لسنة|و|ساعت|روز|در|ماه|سال|مورخ|برابر با|برابر|مصادف با|مطابق|بوقت|بتوقيت|بجے|ב|ל|את|בשעה|שעה|יום|ה|बजे|को|"
    "दिनांक|समय|তারিখ|সময়|time|tijd|zeit|hora|horas|heure|heures|czas|время|tid|idő|día|dia|jour|tag|dag|giorno|den|dan"
)
"""Words that say nothing of their own about the time."""

AM = (
    "am|a m|p d|ante meridiem|vorm|vormittags|morgens|de la mañana|da manhã|du matin|di mattina|утра|дп|rano|"
    "ráno|dopoledne|délelőtt|πμ|π μ|prijepodne|sáng|sa|pagi|上午|凌晨|早上|清晨|早晨|午前|오전|ص|صباحا|صبح|"
    'قبل از ظهر|לפנה"צ|'
    "पूर्वाह्न|सुबह|"
    "পূর্বাহ্ণ|পূর্বাহ্ন|সকাল|"
    "اے ایم|এএম|এ এম|एएम|ए एम|એએમ|ਏਐਮ|ఏఎం|ఎ ఎం|ஏஎம்|ஏ எம்|എഎം|ಎಎಂ|"
    "ap|fm|öö|ก่อนเที่ยง|முற்பகல்|காலை|ఉదయం|ಪೂರ್ವಾಹ್ನ|രാവിലെ"
)
"""Words of the first half of the day, before or behind the hour."""
PM = (
    "pm|p m|m d|post meridiem|nachm|nachmittags|de la tarde|da tarde|de l'après midi|del pomeriggio|пп|"
    "po południu|odpoledne|délután|μμ|μ μ|poslijepodne|chiều|ch|sore|下午|午後|오후|م|مساء|عصر|بعد از ظهر|بعدازظهر|"
    'אחה"צ|अपराह्न|অপরাহ্ণ|অপরাহ্ন|বিকাল|বিকেল|ip|em|öğleden sonra|ös|'
    "عصرا|مساءا|پی ایم|পিএম|পি এম|पीएम|पी एम|પીએમ|ਪੀਐਮ|పీఎం|పి ఎం|பிஎம்|பி எம்|പിഎം|ಪಿಎಂ|"
    "หลังเที่ยง|பிற்பகல்|மாலை|సాయంత్రం|ಅಪರಾಹ್ನ|വൈകുന്നേരം"
)
"""Words of the second half of the day."""
MIDDAY = "中午|siang|दोपहर|দুপুর|дня"
"""Words that are said from before noon into the afternoon."""
EVENING = "abends|du soir|di sera|вечера|wieczorem|večer|tối|傍晚|晚间|शाम|সন্ধ্যা"
"""Words that end before midnight."""
NIGHT = "de la noche|da noite|晚上|malam|रात|রাত"
"""Words that are said from the evening until after midnight."""

NOON = "noon|midday|mittag|mittags|mediodía|meio dia|midi|mezzogiorno|полдень|południe|podne|正午"
MIDNIGHT = "midnight|mitternacht|medianoche|meia noite|minuit|mezzanotte|полночь|północ|ponoć|ponoc|půlnoc"

YEAR = (
    "年|년|г|года|год|р|року|рік|ж|жылы|წლის|წ|წელი|m|gada|år|năm|year|সাল|સાલ|वर्ष|साल|г-н|godine|god|roku|év|թ|թվականի|"
    "оны|он|ปี|พศ|ш|ел|й|сыл|аз|ییل"
)
MONTH = "月|월|месяца|сар|сарын"
MONTH_BEFORE = "tháng|thg|mês"
"""What stands before the number of a month, as the others stand behind it."""
DAY = "日|号|號|일|d|өдөр|өдрийн|ый"
HOUR = "h|hr|hrs|時|时|点|點|시|uhr|hod|giờ|ч|годин|น|ժ|ure|urā|uur"
MINUTE = "分|분|min|минут|хв|phút|دقیقه|دقيقة|m|mn"
SECOND = "秒|초|s|sec|sek|giây|ثانیه|ثانية"

ORDINALS = (
    "st|nd|rd|th|mh|ê|טן|ی|er|re|ère|e|ème|eme|o|a|ste|de|ro|to|mo|го|й|я|е|ого|ше|та|ви|ри|ми|ти|η|ης|ος|inci|ıncı|uncu|üncü|nci|"
    "ncı|da|te|ci|cı|cu|cü|an|ko|ren|aren|ena|eko|ই|লা|রা|ঠা|শে|वां|वीं|ú|ain|dh|ail|eg|fed|af|il|с|нче|ші|шы|nji|нчы|ә"
)
"""Endings of numbers that make them ordinal, where they stand right behind the digits."""

NUMBERS: Mapping[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "یکم|اول", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم", "یازدهم", "دوازدهم",
            "سیزدهم", "چهاردهم", "پانزدهم", "شانزدهم", "هفدهم|هفدم", "هجدهم|هیجدهم", "نوزدهم", "بیستم",
            "بیست و یکم", "بیست و دوم", "بیست و سوم", "بیست و چهارم", "بیست و پنجم", "بیست و ششم", "بیست و هفتم",
            "بیست و هشتم", "بیست و نهم", "سی ام|سیام", "سی و یکم",
        ),
        start=1,
    )
    for word in words.split("|")
}  # fmt: skip
"""Days that Persian newsrooms write out."""
FIRST_YEAR = "元"
"""The first year of a Japanese or Chinese era."""

UNIVERSAL = "utc|gmt|z"
GREENWICH = "غرينتش|جرينتش|گرینویچ|гринвич|гринвичу"
"""The same as `GMT`, as scripts write it that do not spell it in Latin letters."""

ZONES = (
    "ACDT|ACST|ACT|ADT|AEDT|AEST|AET|AFT|AKDT|AKST|AKT|ALMT|AMT|ART|AST|AT|AWST|AZT|BDT|BNT|BOT|BRST|BRT|BST|BT"
    "|BTT|CAT|CDT|CEDT|CEST|CET|CLST|CLT|COT|CST|CT|CVT|EAT|ECT|EDT|EEST|EET|EST|ET|FJT|GET|GST|GYT|HDT|HKT|HST"
    "|ICT|IDT|IRDT|IRST|IST|JST|KGT|KST|MDT|MESZ|MEZ|MMT|MSD|MSK|MST|MT|MUT|MVT|MYT|NDT|NPT|NST|NT|NZDT|NZST"
    "|NZT|OEZ|PDT|PET|PGT|PHT|PKT|PST|PT|PYT|SAST|SGT|SLST|SST|TJT|TLT|TMT|TRT|UYT|UZT|VET|VN|WAST|WAT|WEST"
    "|WET|WEZ|WIB|WIT|WITA|YAKT|YEKT|МСК|мск"
)
"""Abbreviations of zones that pages print. A profile says what they mean; other capitals are a word."""

WEEKDAYS: Mapping[int, str] = {
    0: "пнд|周一|週一|礼拜一|禮拜一",
    1: "tues|втр|周二|週二|礼拜二|禮拜二",
    2: "weds|срд|周三|週三|礼拜三|禮拜三",
    3: "thur|thurs|чтв|周四|週四|礼拜四|禮拜四",
    4: "птн|周五|週五|礼拜五|禮拜五",
    5: "сбт|周六|週六|礼拜六|禮拜六",
    6: "вск|周日|週日|星期天|礼拜天|禮拜天",
}
"""Weekdays as newsrooms shorten them, beyond what CLDR lists."""

MONTHS: Mapping[int, str] = {
    1: "ජනවාරි|জানুয়ারী|tháng một|tháng giêng|urtarrilaren|нэгдүгээр сарын|rêbendana",
    2: "පෙබරවාරි|feber|ফেব্রুয়ারী|กุมภา|tháng hai|otsailaren|хоёрдугаар сарын|sibata",
    3: "මාර්තු|берез|tháng ba|martxoaren|гуравдугаар сарын|adara",
    4: "අප්‍රේල්|tháng tư|apirilaren|дөрөвдүгээр сарын|nîsana",
    5: "මැයි|tháng năm|maiatzaren|тавдугаар сарын|gulana",
    6: "ජූනි|čer|tháng sáu|ekainaren|зургаадугаар сарын|hezîrana",
    7: "ජූලි|tháng bảy|uztailaren|долоодугаар сарын|tîrmeha",
    8: "අගෝස්තු|tháng tám|abuztuaren|наймдугаар сарын|tebaxa",
    9: "සැප්තැම්බර්|sept|setiembre|tháng chín|irailaren|есдүгээр сарын|îlona",
    10: "ඔක්තෝබර්|tháng mười|urriaren|аравдугаар сарын|cotmeha",
    11: "නොවැම්බර්|studenog|листоп|tháng mười một|azaroaren|арван нэгдүгээр сарын|mijdara",
    12: "දෙසැම්බර්|tháng mười hai|tháng chạp|abenduaren|арван хоёрдугаар сарын|berfanbara",
}
"""Months likewise, and in the case that a date puts them in. CLDR lists what it recommends, papers print the rest."""

_SECTIONS = (
    "news world national international local regional politics political business economy economic finance markets "
    "money sport sports football culture arts art entertainment lifestyle life travel health science technology tech "
    "education environment climate weather opinion opinions comment editorial analysis features feature society crime "
    "justice law media video photos europe africa asia americas us uk middle east latest breaking top stories home "
    "nachrichten welt politik wirtschaft kultur wissen gesellschaft panorama ausland inland regionales meinung "
    "technik gesundheit bildung feuilleton noticias mundo nacional internacional politica economia deportes deporte "
    "cultura sociedad salud ciencia tecnologia espectaculos actualites actualite monde politique economie societe "
    "sante sciences faits divers planete notizie mondo cronaca esteri interni spettacoli salute scienza esporte "
    "esportes saude brasil portugal noticia nieuws buitenland binnenland cultuur nyheter nyheder innenriks utenriks "
    "utrikes inrikes okonomi ekonomi wiadomosci swiat kraj gospodarka zpravy svet domaci vijesti svijet gundem dunya "
    "siyaset spor saglik yasam berita dunia olahraga новости мир политика экономика общество спорт культура наука "
    "происшествия новини світ політика економіка суспільство أخبار اخبار سياسة اقتصاد رياضة ثقافة العالم محليات "
    "منوعات سیاسی اقتصادی ورزشی فرهنگی اجتماعی بین الملل جهان ایران ειδησεις κοσμος πολιτικη οικονομια "
    "新闻 要闻 国际 國際 "
    "国内 國內 政治 经济 經濟 财经 財經 体育 體育 文化 社会 社會 科技 ニュース 経済 スポーツ "
    "정치 경제 사회 문화 스포츠 국제"
)
SECTIONS = frozenset(fold(word) for word in _SECTIONS.split())
"""Words that name the sections of sites, folded. CLDR has none of them."""
