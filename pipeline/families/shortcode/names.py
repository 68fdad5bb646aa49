"""Names of shortcodes: of WordPress itself, of the builders of pages, and of the plugins that many sites have.

Source: the shortcodes that WordPress and Jetpack document, and the names that the builders and plugins register.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct


class Names(Struct, frozen=True):
    """The names of one vendor.

    Attributes:
        certain: Beginnings that no word of a text has; such a name is proof enough.
        words: Names that are words as well; attributes, an address, or its closing tag must prove one.
        breaks: Line breaks that a reader sees where one of ``certain`` stands.
    """

    certain: tuple[str, ...]
    words: frozenset[str] = frozenset()
    breaks: int = 0

    def is_certain(self, name: str) -> bool:
        """Return whether a name is proof by itself."""
        return name.startswith(self.certain)

    def has(self, name: str) -> bool:
        """Return whether a name is known at all."""
        return self.is_certain(name) or name in self.words


_CERTAIN = """
    fusion_ av_ td_block tdc_ tds_ tdm_ su_ ux_ cs_ tatsu_ kc_ siteorigin_ themify_ elementor-template x_section x_row
    x_column x_text fl_builder rev_slider layerslider smartslider3 metaslider masterslider wonderplugin
    nggallery ngg_images ngg singlepic envira-gallery foogallery huge_it_gallery justified_image_grid
    contact-form gravityform ninja_form wpforms forminator_ fluentform caldera_form
    mc4wp_form mailpoet_form newsletter_ subscribe2 jetpack_ wp_caption wpvideo videopress jwplayer flowplayer
    jw_playlist bc_video fvplayer video_player polldaddy crowdsignal wp-rss tablepress wpdatatable
    woocommerce_ add_to_cart product_page featured_products recent_products the_ad adrotate advads adinserter
    adsense_ google_ad wp_ad_camp ssba easy-social sharethis addtoany addthis_ simple-social mashshare shareaholic
    wpv- wpcf mepr- pmpro_ bbp- bp_ um_ dropcap one_half one_third one_fourth two_third three_fourth
    blockquote_ related_posts yarpp display-posts wp_sitemap_page table-of-contents googlemaps wpgmza
    gmap tweetmeme twitter_follow facebook_like fbcomments instagram-feed youtubeplaylist embedyt
"""
_WORDS = """
    caption gallery embed audio video playlist youtube vimeo soundcloud tweet twitter instagram facebook tiktok
    slideshow slideshare scribd dailymotion googlemap googleapps map table tabs tab tabgroup accordion toggle
    spoiler button quote blockquote pullquote highlight column columns row recipe poll form formidable contact ad ads
    adsense related divider spacer clear hr icon list box alert note info message section heading title lightbox
    tooltip members login sitemap archives loop bandcamp flickr kickstarter spotify wufoo ted vine getty gist infobox
    sidebar product products figure image img media pdf iframe readmore more intro lead author sharing social content
    brightcove types
"""
VISUAL_COMPOSER = Names(
    ("vc_", "wpb_", "ult_", "ultimate_heading", "nectar_", "mk_", "qode_", "mkdf_", "edgtf_"), breaks=2
)
"""WPBakery's Visual Composer, and the themes that add elements of their own to it."""
DIVI = Names(("et_pb_", "et_bloom", "db_pb_"), breaks=2)
WORDPRESS = Names(tuple(_CERTAIN.split()), frozenset(_WORDS.split()))
"""WordPress itself, and its plugins and themes."""

_ADDRESSED = """
    embed audio video youtube vimeo soundcloud tweet twitter instagram facebook tiktok dailymotion scribd slideshare
    googlemap bandcamp spotify flowplayer fvplayer wpvideo videopress gist iframe flickr ted vine pdf gmap embedyt
    vc_raw_html vc_raw_js playlist gallery img image contact-form-7
"""
ADDRESSED = frozenset(_ADDRESSED.split())
"""Names whose pair of tags holds an address, a number or encoded data and no prose."""
_PARTED = """
    caption wp_caption gallery playlist embed audio video youtube one_half one_third one_fourth two_third three_fourth
    column columns row tabs tab tabgroup accordion toggle section blockquote pullquote divider spacer hr table list box
"""
PARTED = frozenset(_PARTED.split())
"""Names that stand apart from the text around them, as paragraphs do."""

UNKNOWN_ANCHORS = (b'="', b"='", *(text.encode() for text in ("=“", "=”", "=″", "=&quot;", "=&#822", "=&#39;")), b"[/")
"""What stands in every shortcode of an unknown name."""


def is_known(name: str) -> bool:
    """Return whether any vendor has a shortcode of this name.

    >>> is_known("vc_row"), is_known("caption"), is_known("sic")
    (True, True, False)
    """
    return any(names.has(name) for names in (VISUAL_COMPOSER, DIVI, WORDPRESS))


def anchors(names: Names) -> tuple[bytes, ...]:
    """Return the literals that openings and closings of these names begin with."""
    return tuple(
        f"[{slash}{name}".encode() for name in _beginnings([*names.certain, *names.words]) for slash in ("", "/")
    )


def _beginnings(names: Iterable[str]) -> list[str]:
    """Return names without those that begin with another one of them."""
    kept: list[str] = []
    for name in sorted(names):
        if not kept or not name.startswith(kept[-1]):
            kept.append(name)
    return kept
