"""Leaks of markup as this benchmark writes them: source code of PHP, shortcodes, template tags, remains of HTML."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bench.quality.leak_pages import CLOSE, OPEN, Form, Forms, Shown, leak

_NAMES = ("title", "user", "item_count", "related", "permalink", "media", "section", "städte")
_WORDS = ("A quay at dawn", "The old lock", "Boats in fog", "La lonja vieja", "Die Fähre am Morgen")
_FUNCTIONS = ("get_header", "render_teaser", "wp_footer", "print_lead", "the_map")


def _php_call(rng: random.Random) -> str:
    return leak(f"<?php {rng.choice(_FUNCTIONS)}('{rng.choice(_NAMES)}', {rng.randint(1, 9)}); ?>")


def _php_echo(rng: random.Random) -> str:
    return leak(f"<?= ${rng.choice(_NAMES)[:5]}->{rng.choice(_FUNCTIONS)}() ?>")


def _php_short(rng: random.Random) -> str:
    return leak(f"<? if(${rng.choice(_NAMES[:4])} == '{rng.randint(1, 99)}') echo \"{rng.choice(_WORDS)}\"; ?>")


def _php_around(rng: random.Random) -> str:
    condition = leak(f"<?php if ({rng.choice(_FUNCTIONS)}()) {{ ?>")
    return f"{condition}{rng.choice(_WORDS)}.{leak('<?php } ?>')}"


def _php_lines(rng: random.Random) -> str:
    name = rng.choice(_NAMES[:4])
    rows = [
        "<?php",
        f"/* {rng.choice(_WORDS)} */",
        f'${name} = array(\'{rng.choice(_NAMES)}\' => {rng.randint(1, 99)}, "quote" => "it\'s ?> here");',
        f"foreach (${name} as $key => $value) {{",
        f'    echo "<li>$value</li>"; // {rng.choice(_WORDS)}',
        "}",
    ]
    return leak("\n".join([*rows, "?>"]))


def _php_unclosed(rng: random.Random) -> str:
    rows = ["<?php", f"require_once('{rng.choice(_FUNCTIONS)}.php');", f"$page = {rng.randint(1, 99)};"]
    return leak("\n".join([*rows, f"if ($page > 3) {{\n    {rng.choice(_FUNCTIONS)}($page);\n}}"]))


def _caption(rng: random.Random) -> str:
    number = rng.randint(10, 9999)
    head = f'[caption id="attachment_{number}" align="alignleft" width="{rng.randint(100, 900)}"]'
    return f"{leak(head)}{rng.choice(_WORDS)}{leak('[/caption]')}"


def _caption_curly(rng: random.Random) -> str:
    head = f"[caption id=”attachment_{rng.randint(10, 9999)}″ align=”aligncenter” caption=”{rng.choice(_WORDS)}”]"
    return f"{leak(head)}{leak('[/caption]')}"


def _caption_encoded(rng: random.Random) -> str:
    return leak(f"[caption id=&#8221;attachment_{rng.randint(10, 9999)}&#8243; width=&quot;300&quot;]")


def _gallery(rng: random.Random) -> str:
    return leak(f'[gallery ids="{rng.randint(1, 99)},{rng.randint(100, 199)}" columns={rng.randint(2, 4)}]')


def _embed(rng: random.Random) -> str:
    address = f"https://video.example/watch?v={rng.randint(1000, 9999)}"
    return leak(rng.choice((f"[embed]{address}[/embed]", f"[youtube {address}]", f"[audio mp3='{address}'][/audio]")))


def _form(rng: random.Random) -> str:
    return leak(f'[contact-form-7 id="{rng.randint(1, 999)}" title="{rng.choice(_WORDS)}"]')


def _composer(rng: random.Random) -> str:
    column = f'[vc_row][vc_column width="1/{rng.randint(2, 4)}"]'
    head = f'[vc_column_text css=".vc_custom_{rng.randint(1, 9)}{{m: 0}}"]'
    return f"{leak(column + head)}{rng.choice(_WORDS)}{leak('[/vc_column_text][/vc_column][/vc_row]')}"


def _divi(rng: random.Random) -> str:
    head = f'[et_pb_section bb_built="1" admin_label="section"][et_pb_text _builder_version="3.{rng.randint(1, 29)}"]'
    return f"{leak(head)}{rng.choice(_WORDS)}{leak('[/et_pb_text][/et_pb_section]')}"


def _plugin(rng: random.Random) -> str:
    plugin = rng.choice(("harbour_map", "tide-table", "mybox"))
    return leak(f'[{plugin} place="{rng.choice(_WORDS)}" zoom="{rng.randint(1, 9)}"]')


def _twig(rng: random.Random) -> str:
    path = f"{rng.choice(_NAMES[:5])}.{rng.choice(_NAMES[:5])}"
    return leak(rng.choice((f"{{{{ {path}|e }}}}", f"{{{{ {path} }}}}", f"{{{{ {path}|date('d.m.Y') }}}}")))


def _twig_block(rng: random.Random) -> str:
    name = rng.choice(_NAMES[:5])
    loop = leak(f"{{% for {name} in page.{name}s %}}")
    return f"{loop}{rng.choice(_WORDS)}{leak('{% endfor %}')}"


def _handlebars(rng: random.Random) -> str:
    name = rng.choice(_NAMES[:5])
    return f"{leak('{{#if ' + name + '}}')}{rng.choice(_WORDS)}{leak('{{/if}}')} {leak('{{{' + name + '}}}')}"


def _smarty(rng: random.Random) -> str:
    name = rng.choice(_NAMES[:5])
    text = rng.choice(_WORDS)
    return f"{leak('{if $' + name + ' > 3}')}{text}{leak('{/if}')} {leak('{$' + name + '.id|escape}')}"


def _modx(rng: random.Random) -> str:
    return leak(
        rng.choice(
            ("[[*pagetitle]]", "[[+{0}]]", "[[$footer]]", "[[~{1}]]", "[[!getResources? &parents=`{1}`]]")
        ).format(rng.choice(_NAMES[:5]), rng.randint(1, 99))
    )


def _blade(rng: random.Random) -> str:
    name = rng.choice(_NAMES[:5])
    return f"{leak(f'@if(${name}->count() > 3)')}\n{rng.choice(_WORDS)}\n{leak('@endif')}"


def _asp(rng: random.Random) -> str:
    name = rng.choice(_NAMES[:5])
    return leak(
        rng.choice((f'<%= Request("{name}") %>', '<%@ page import="java.util.*" %>', f"<% if ({name} > 3) {{ %>"))
    )


def _tag_pair(rng: random.Random) -> str:
    name = rng.choice(("b", "strong", "em", "i", "span", "p", "div", "h2", "li", "blockquote"))
    return f"{leak(f'<{name}>')}{rng.choice(_WORDS)}{leak(f'</{name}>')}"


def _link(rng: random.Random) -> str:
    head = f'<a href="https://news.example/{rng.randint(1, 999)}?a=1&amp;b=2" target="_blank">'
    return f"{leak(head)}{rng.choice(_WORDS)}{leak('</a>')}"


def _image(rng: random.Random) -> str:
    return leak(
        f'<img src="/images/{rng.randint(1, 999)}.jpg" alt="{rng.choice(_WORDS)}" width={rng.randint(9, 999)} />'
    )


def _frame(rng: random.Random) -> str:
    source = f'<iframe width="560" height="315" src="//video.example/{rng.randint(1, 999)}" allowfullscreen>'
    return leak(f"{source}</iframe>")


def _encoded_tag(rng: random.Random) -> str:
    return f"{leak('&lt;p class=&quot;lead&quot;&gt;')}{rng.choice(_WORDS)}{leak('&lt;/p&gt;')}"


def _comment(rng: random.Random) -> str:
    block = f'<!-- wp:image {{"id":{rng.randint(1, 99)}}} -->'
    return leak(rng.choice(("<!--more-->", f"<!-- {rng.choice(_WORDS)} -->", block, "<!--[if IE]>")))


FORMS: Forms = {
    "php_source": {
        "a call": _php_call,
        "echo": _php_echo,
        "short tags": _php_short,
        "around prose": _php_around,
        "many lines": _php_lines,
        "without its end": _php_unclosed,
    },
    "shortcode": {
        "caption": _caption,
        "caption, curly quotes": _caption_curly,
        "caption, entities": _caption_encoded,
        "gallery": _gallery,
        "embeds": _embed,
        "forms": _form,
        "Visual Composer": _composer,
        "Divi": _divi,
        "plugins unknown": _plugin,
    },
    "template_tag": {
        "Twig and Jinja, values": _twig,
        "Twig and Jinja, blocks": _twig_block,
        "Handlebars": _handlebars,
        "Smarty": _smarty,
        "MODX": _modx,
        "Blade": _blade,
        "ASP and JSP": _asp,
    },
    "html": {
        "pairs of tags": _tag_pair,
        "links": _link,
        "images": _image,
        "frames": _frame,
        "tags as entities": _encoded_tag,
        "comments": _comment,
    },
}
"""How leaks of each family look."""

_SHOWN = (
    "A Short Guide\n\nIn a template, {code} gets the title. PHP then runs `{word}()` for each row.\n\nTry it.",
    "How do I get rid of this?\n\nI am changing my WordPress theme, and the page shows\n\n{code}\n\nAny ideas?",
    "Release notes\n\n2.1.0\n\n* Added {code}\n* Fixed a bug with `{word}`\n* Removed the old plugin\n* Updated it\n",
    "# Templates\n\nThe following snippet prints the title:\n\n```\n{code}\n```\n\nThe rest is up to {word}().\n",
    "The site was down on Monday. Visitors saw the words “{code}” and nothing else.\n\nIt was back by noon.",
    "Learn HTML: the next example shows an element in the source code:\n\n{code}\n\nNow reload your browser.",
)
"""Pages that show code, each in another way; of this benchmark's own invention."""


def _writer(shape: str, forms: Sequence[Form]) -> Form:
    def write(rng: random.Random) -> str:
        code = rng.choice(forms)(rng).replace(OPEN, "").replace(CLOSE, "")
        return shape.format(code=code, word=rng.choice(_FUNCTIONS))

    return write


SHOWN: Shown = {
    family: [_writer(shape, list(forms.values())) for shape in _SHOWN if family != "html" or "“" not in shape]
    for family, forms in FORMS.items()
}
"""Pages that show such things on purpose, by family. Words in bold within inverted commas are none: news has them."""
