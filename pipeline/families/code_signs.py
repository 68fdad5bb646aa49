"""The words and marks by which a page tells that it shows code on purpose."""

from __future__ import annotations

import regex

from pipeline.families.traits import Sign, words
from pipeline.patterns import lazy_compile

TERMS = Sign(
    lazy_compile(
        rb"(?<![\w/.@\-])(?:(?i:short ?codes?|(?:code|html|css|php|js) snippets?|snippets? (?:of code|plugin)"
        rb"|following snippet|source code|template engine|templating|code (?:block|example|editor|below|above|sample)s?"
        rb"|web developers?|stack ?overflow|github|boilerplate code|syntax highlight\w{0,4}"
        rb"|escap(?:e|ed|ing) (?:html|characters)"
        rb"|(?:closing|opening|html|php|script|template) tags?|html attributes?|text editor|parsers?|compilers?|regexp?"
        rb"|functions\.php|wp-config|your theme(?:'s)?|child theme|plugin directory|unit tests?|pull requests?)"
        rb"|PHP(?!\.\w|[/\w])|HTML5?(?!\.\w|[/\w])|JavaScript|JSON|XML|SQL|Twig|Jinja2?|Handlebars\.js|Smarty|MODX|Laravel|Symfony"
        rb"|ASP\.NET|JSP|Gutenberg editor|WPBakery|Visual Composer|Django|Vue\.js|React\.js|AngularJS)(?![\w])"
    ),
    words=words(
        "short code, short codes, shortcode, shortcodes, code snippet, code snippets, html snippet, html snippets, "
        "css snippet, css snippets, php, js snippet, js snippets, snippet of code, snippets of code, "
        "snippet plugin, snippets plugin, following snippet, source code, template engine, templating, code block, "
        "code blocks, code example, code examples, code editor, code editors, code below, code belows, code above, "
        "code aboves, code sample, code samples, web developer, web developers, stack overflow, stackoverflow, "
        "github, boilerplate code, syntax, html, characters, closing tag, closing tags, opening tag, opening tags, "
        "script tag, script tags, template tag, template tags, text editor, parser, parsers, compiler, compilers, "
        "regex, regexp, wp, your theme, child theme, plugin directory, unit test, unit tests, pull request, "
        "pull requests, html5, javascript, json, xml, sql, twig, jinja, jinja2, handlebars, smarty, modx, laravel, "
        "symfony, asp, jsp, gutenberg editor, wpbakery, visual composer, django, vue, react js, angularjs"
    ),
)
"""Terms that a text about code has, and news hardly."""
FORM = lazy_compile(rb"(?i)you (?:may|can) use these (?:X?HTML|html) tags(?: and attributes)?")
"""What a form for comments says of itself on any page."""
NAMES = Sign(
    lazy_compile(rb"(?<![\w@#/.\-])[a-z]{2,20}_[a-z_]{2,30}(?![\w/.@\-])|(?<![\w])[A-Z]\w{1,30}::\w{2,30}"),
    signs=(b"_",),
    marks=(b"::",),
)
"""Names of functions and methods."""
CODE_SPAN = Sign(
    lazy_compile(rb"(?<![\w`])`[^`\s](?:[^`\r\n]{0,78}[^`\s])?`(?![\w`])|```"),
    signs=(b"`",),
)
PRINTS = lazy_compile(rb"\b(?:var_dump|print_r|var_export|echo|printf?)\b")
"""Statements that print a value."""
ANNOUNCES = lazy_compile(
    (
        r"(?i)(?<![\w.@])(?:codes?|snippets?|short ?codes?|html|php|template|following tags?|examples?|syntax|mark-?up"
        r"|source code|beispiel|quelltext|vorlage|exemple|balises?|ejemplo|etiquetas?|código|esempio)\b"
        r"|пример|код|例|代码"
    ).encode()
)
"""A word in a line that ends with a colon, which says that code follows."""
EXAMPLE = lazy_compile(
    (
        r"(?i)(?<![\w.@])(?:examples?|exemples?|beispiele?|ejemplos?|exemplos?|esempio|esempi|пример|örnek)\b|例|예제"
    ).encode()
)
"""A word in a short paragraph above code that says what it is."""
CALLED_BEFORE = lazy_compile(rb"(?i)\b(?:the|an?|this|that|each|every|with|using)\s[`\"']?\Z")
CALLED_BEHIND = lazy_compile(
    rb"[`\"']?\s(?:short ?code|tag|element|attribute|directive|placeholder|statement|filter)s?\b"
)
"""What stands on either side of a piece of code that is called so, as in ``the <b> tag``."""
NAMED_BEFORE = lazy_compile(
    rb"(?i)\b(?:short ?code|html tag|html element|template tag|directive|placeholder)s?\s[`\"']?\Z"
)
"""A word for code right before it."""
TAG_BEFORE = lazy_compile(rb"(?i)\b(?:the|this|that|each|every) tag\s[`\"']?\Z")
"""The same of what is no element: those stand behind a tag in the sense of the web, as in ``the tag <a href=…>``."""
SHOWN_IN = lazy_compile(rb"<(?:code|pre|kbd|samp|tt|textarea|xmp)\b", regex.IGNORECASE)
"""Elements that show code as it is written."""
LINE = lazy_compile(rb"[^\r\n]*+")
QUOTATION_OPENS = "“".encode()
QUOTATION = lazy_compile(
    rb"\xe2\x80\x9c(?:[^\xe2\r\n]++|\xe2(?!\x80[\x9c\x9d])|\r?\n(?![ \t\r]*+\n)){1,200}+\xe2\x80\x9d"
)
"""Inverted commas from the first to the last, without a blank line between them."""

SIGNS = (TERMS, NAMES, CODE_SPAN)
"""All of them that are looked for in the text of a whole page."""
