"""Leaks of programs as this benchmark writes them: scripts, styles, errors of databases and servers, traces."""

from __future__ import annotations

import random
from collections.abc import Callable

from bench.quality.leak_pages import Form, Forms, Shown, leak

_NAMES = ("seat", "quay", "ferryId", "itemCount", "pageSize", "user_name", "slot7", "teaser")
_WORDS = ("A quay at dawn", "The old lock", "Boats in fog", "it's late", "Die Fähre", "50 % off; now")
_SITES = ("cdn.ads.example/tag.js", "stats.example/s.js?v=2", "static.example/widget/loader.min.js")


def _name(rng: random.Random) -> str:
    return rng.choice(_NAMES)


def _literal(rng: random.Random) -> str:
    return rng.choice(
        (
            str(rng.randint(0, 9999)),
            f"'{rng.choice(_WORDS).replace(chr(39), '')}'",
            f'"{rng.choice(_WORDS)}"',
            "true",
            "[]",
            "null",
            f"[{rng.randint(1, 9)}, '{_name(rng)}']",
            f"{{{_name(rng)}: {rng.randint(1, 99)}, 'b-c': [1, {{d: 2}}]}}",
            r"/^[a-z\/]+$/i",
        )
    )


def _statement(rng: random.Random) -> str:
    name, other = _name(rng), _name(rng)
    return rng.choice(
        (
            f"var {name} = {_literal(rng)};",
            f"{name}.{other} = {_literal(rng)};",
            f"{name}({_literal(rng)}, {_literal(rng)});",
            f"if (typeof {name} !== 'undefined' && {name}.{other}) {{ {name}.{other}({_literal(rng)}); }}",
            f"for (var i = 0; i < {name}.length; i++) {{ {other}.push({name}[i]); }}",
            f"{name}.on('click', function(e) {{ e.preventDefault(); return !{other}; }});",
            f"try {{ {name}(); }} catch (e) {{}}",
            f"function {name}(a, b) {{ return a ? b : {_literal(rng)}; }}",
            f"document.getElementById('{name}').innerHTML = '<b>' + {other} + '</b>';",
        )
    )


def _analytics(rng: random.Random) -> str:
    number = rng.randint(10000, 99999)
    return leak(
        rng.choice(
            (
                (
                    "window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);} "
                    f"gtag('js', new Date()); gtag('config', 'UA-{number}-1');"
                ),
                (
                    f"var _gaq = _gaq || [];\n_gaq.push(['_setAccount', "
                    f"'UA-{number}-2']);\n_gaq.push(['_trackPageview']);\n"
                    "(function() {\n  var ga = document.createElement('script'); ga.async = true;\n"
                    "  ga.src = ('https:' == document.location.protocol ? 'https://ssl' : 'http://www') + "
                    "'.stats.example/ga.js';\n"
                    "  var s = document.getElementsByTagName('script')[0]; s.parentNode.insertBefore(ga, s);\n})();"
                ),
                f"fbq('init', '{number}'); fbq('track', 'PageView');",
                (
                    f"var _paq = window._paq = window._paq || [];\n_paq.push(['setSiteId', "
                    f"'{number}']);\n_paq.push([\"enableLinkTracking\"]);"
                ),
            )
        )
    )


def _advert(rng: random.Random) -> str:
    slot, number = _name(rng), rng.randint(1000, 9999)
    return leak(
        rng.choice(
            (
                f"googletag.cmd.push(function() {{ googletag.display('div-gpt-ad-{number}-0'); }});",
                "(adsbygoogle = window.adsbygoogle || []).push({});",
                (
                    f"window._taboola = window._taboola || "
                    f"[];\n_taboola.push({{mode: '{slot}', container: 'c-{number}', placement: \"Below\"}});"
                ),
                f"document.write('<scr' + 'ipt src=\"//{rng.choice(_SITES)}\"></scr' + 'ipt>');",
                f"OA_show({number});",
                (
                    f"if (window.{slot}Ads) "
                    f"{{\n  {slot}Ads.load({{\n    id: {number},\n    sizes: [[300, 250], [728, 90]]\n  }});\n}}"
                ),
            )
        )
    )


def _loader(rng: random.Random) -> str:
    name = _name(rng)
    return leak(
        rng.choice(
            (
                (
                    "!function(d,s,id){var js,f=d.getElementsByTagName(s)[0];"
                    "if(!d.getElementById(id)){js=d.createElement(s);"
                    f'js.id=id;js.src="//{rng.choice(_SITES)}";f.parentNode.insertBefore(js,f);}}}}(document,"script","{name}");'
                ),
                (
                    f"jQuery(document).ready(function($) "
                    f"{{\n  $('.{name}').slick({{\n    dots: true, // below\n    speed: 300\n  }});\n}});"
                ),
                f"window.{name}Config = {{id: {rng.randint(1, 99)}, 'cb': function() {{ return this.id; }}}};",
                f"(() => {{ const a = document.querySelector('#{name}'); a?.remove(); }})();",
                f"setTimeout(function(){{ {name}.init(); }}, {rng.randint(100, 900)});",
            )
        )
    )


def _statements(rng: random.Random) -> str:
    return leak("\n".join(_statement(rng) for _ in range(rng.randint(2, 8))))


def _script_element(rng: random.Random) -> str:
    kind = rng.choice(("", ' type="text/javascript"', f' async src="//{rng.choice(_SITES)}"'))
    return leak(f"<script{kind}>\n{_statement(rng)}\n{_statement(rng)}\n</script>")


def _state(rng: random.Random) -> str:
    data = f'{{"page":{{"id":{rng.randint(1, 9999)},"title":"{_name(rng)}","rows":[1,2,{{"a":null}}]}},"ok":true}}'
    return leak(
        rng.choice(
            (
                f"window.__INITIAL_STATE__ = {data}",
                f"window.__PRELOADED_STATE__={data};",
                f'<script id="__NEXT_DATA__" type="application/json">{data}</script>',
                'self.__next_f.push([1,"3:[\\"$\\",\\"div\\",null,{}]\\n"])',
                f'window.__NUXT__=(function(a,b){{return {{layout:a,data:[b]}}}}("default",{rng.randint(1, 9)}));',
            )
        )
    )


_PROPERTIES = (
    "color: #1a2b3c",
    "margin: 0 auto",
    "display:none !important",
    "padding:4px 2px",
    "width: calc(100% - 2px)",
)
_SELECTORS = ("#{name}", ".{name} a:hover", "div.{name} > p", "img.{name},\n.{name}::before", "body", "ul li.{name}")


def _rule(rng: random.Random) -> str:
    body = ";\n  ".join(rng.sample((*_PROPERTIES, "background: url(data:image/gif;base64,R0lG==)"), rng.randint(1, 4)))
    selector = rng.choice(_SELECTORS).format(name=_name(rng))
    return rng.choice((f"{selector} {{\n  {body};\n}}", f"{selector}{{{body}}}".replace("\n  ", "")))


def _rules(rng: random.Random) -> str:
    return leak("\n".join(_rule(rng) for _ in range(rng.randint(1, 5))))


def _media(rng: random.Random) -> str:
    return leak(f"@media (max-width: {rng.randint(300, 900)}px) {{\n{_rule(rng)}\n{_rule(rng)}\n}}")


def _style_element(rng: random.Random) -> str:
    return leak(f'<style type="text/css">\n{_rule(rng)}\n</style>')


def _select(rng: random.Random) -> str:
    table = f"{_name(rng)}s"
    return rng.choice(
        (
            f"SELECT * FROM {table} WHERE id = {rng.randint(1, 99)}",  # noqa: S608 - a text to be found, sent to no database
            (
                f"SELECT p.ID, p.post_title AS title FROM {table} p LEFT JOIN meta m ON m.post_id = p.ID WHERE "  # noqa: S608 - a text to be found, sent to no database
                f"p.status = 'publish' "
                f"ORDER BY p.date DESC LIMIT {rng.randint(1, 9)}"
            ),
            (
                f"SELECT DISTINCT MONTH(post_date) AS month\n\tFROM {table}\n\tWHERE post_date < "
                f"'2004-05-01'\n\tORDER BY post_date DESC"
            ),
            f"INSERT INTO `{table}` (`a`, `b`) VALUES ('it''s', NULL)",  # noqa: S608 - a text to be found, sent to no database
            f"UPDATE {table} SET hits = hits + 1 WHERE slug = 'boats-in-fog'",  # noqa: S608 - a text to be found, sent to no database
        )
    )


def _mysql(rng: random.Random) -> str:
    name = _name(rng)
    text = rng.choice(
        (
            (
                "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server "
                "version for the right "
                f"syntax to use near '{rng.choice(('', 'LIMIT 5, 10', 'WHERE id ='))}' at line {rng.randint(1, 9)}"
            ),
            f"Unknown column '{name}.id' in 'where clause'",
            f"Table 'paper.{name}' doesn't exist",
            f"Access denied for user '{name}'@'localhost' (using password: YES)",
            f"Can't connect to MySQL server on '{name}.example' (111)",
            f"Duplicate entry '{rng.randint(1, 99)}' for key 'PRIMARY'",
            f"Table './paper/{name}' is marked as crashed and should be repaired",
        )
    )
    head = rng.choice(("", "ERROR 1064 (42000): ", "#1146 - ", "Invalid query: ", "Query failed: ", "MySQL error: "))
    tail = rng.choice(("", "", f" SQL={_select(rng)}", f"\nWhole query: {_select(rng)}"))
    return leak(f"{head}{text}{tail}")


def _wordpress(rng: random.Random) -> str:
    said = rng.choice(
        ("No Database Selected", f"Table 'wp.{_name(rng)}' doesn't exist", "Unknown column 'x' in 'field list'")
    )
    return leak(f"WordPress database error: [{said}]\n{rng.choice(('', chr(10) + chr(9)))}{_select(rng)}")


def _sqlstate(rng: random.Random) -> str:
    return leak(
        rng.choice(
            (
                (
                    f"SQLSTATE[42S02]: Base table or view not found: 1146 Table 'paper.{_name(rng)}' doesn't exist "
                    f"(SQL: {_select(rng)})"
                ),
                "SQLSTATE[HY000] [2002] Connection refused",
                f"PDOException: SQLSTATE[42S22]: Column not found: 1054 Unknown column '{_name(rng)}' in 'field list'",
            )
        )
    )


def _postgresql(rng: random.Random) -> str:
    name = _name(rng)
    return leak(
        rng.choice(
            (
                f'ERROR:  relation "{name}" does not exist\nLINE 1: SELECT * FROM {name}\n                      ^',  # noqa: S608 - a text to be found, sent to no database
                (
                    f'ERROR:  duplicate key value violates unique constraint "{name}_pkey"\nDETAIL:  Key (id)=(7) '
                    f"already exists."
                ),
                f'FATAL:  password authentication failed for user "{name}"',
                f'ERROR:  syntax error at or near "{name}" at character {rng.randint(1, 99)}',
            )
        )
    )


def _other_databases(rng: random.Random) -> str:
    name = _name(rng)
    return leak(
        rng.choice(
            (
                f"SQLITE_ERROR: no such table: {name}",
                (
                    f'ORA-00942: table or view does not exist\nORA-06512: at "PAPER.{name.upper()}", line '
                    f"{rng.randint(1, 99)}"
                ),
                (
                    f"Microsoft OLE DB Provider for SQL Server error '80040e14'\nInvalid column name "
                    f"'{name}'.\n/news/{name}.asp, line 27"
                ),
                "[Microsoft][ODBC SQL Server Driver][SQL Server]Unclosed quotation mark after the character string ''.",
                f"Msg 208, Level 16, State 1, Line {rng.randint(1, 9)}\nInvalid object name '{name}'.",
            )
        )
    )


def _java_frames(rng: random.Random, count: int) -> str:
    places = (f"\tat com.paper.{_name(rng)}.Page${rng.randint(1, 3)}.render(Page.java:{rng.randint(1, 900)})",)
    frames = (
        *places,
        "\tat java.base/java.lang.Thread.run(Thread.java:833)",
        "\tat sun.reflect.Gen.invoke(Unknown Source)",
    )
    return "\n".join(rng.choices(frames, k=count))


def _java(rng: random.Random) -> str:
    head = rng.choice(
        (
            "java.lang.NullPointerException",
            'Exception in thread "main" java.lang.IllegalStateException: no seat left; try later',
            "org.paper.TemplateException: bad row in seat.ftl",
        )
    )
    cause = rng.choice(("", f"\nCaused by: java.io.IOException: gone\n{_java_frames(rng, 2)}\n\t... 12 more"))
    return leak(f"{head}\n{_java_frames(rng, rng.randint(1, 8))}{cause}")


def _java_alone(rng: random.Random) -> str:
    before = rng.choice(("Exception getting page ", "Error while loading the list: ", ""))
    return f"\n\n{leak(before + 'java.lang.NullPointerException')}\n\n"


def _dotnet(rng: random.Random) -> str:
    frames = (
        f"   at Paper.{_name(rng).title()}.Load(String name, Int32 id) in C:\\src\\Page.cs:line {rng.randint(1, 900)}",
        "   at System.Web.UI.Control.LoadRecursive()",
        "   at System.Data.SqlClient.SqlConnection.Open()",
    )
    head = "System.NullReferenceException: Object reference not set to an instance of an object."
    return leak("\n".join([head, *rng.choices(frames, k=rng.randint(1, 6))]))


def _node(rng: random.Random) -> str:
    frames = (
        f"    at Object.<anonymous> (/srv/app/{_name(rng)}.js:{rng.randint(1, 99)}:7)",
        "    at Module._compile (internal/modules/cjs/loader.js:1063:30)",
        "    at new Promise (<anonymous>)",
        "    at async run (file:///srv/app/run.mjs:3:4)",
        "    at /srv/app/b.js:3:1",
    )
    head = rng.choice(
        ("TypeError: Cannot read property 'row' of undefined", "Error: ENOENT: no such file, open '/srv/a'")
    )
    return leak("\n".join([head, *rng.choices(frames, k=rng.randint(2, 7))]))


def _python(rng: random.Random) -> str:
    frames = [
        f'  File "/srv/app/{_name(rng)}.py", line {rng.randint(1, 900)}, in {_name(rng)}\n    {_name(rng)} = '
        f"rows[{_name(rng)}]"
        for _ in range(rng.randint(1, 6))
    ]
    last = rng.choice(("KeyError: 'seat'", "ValueError: no seat left in row", "paper.errors.Gone", "AssertionError"))
    return leak("\n".join(["Traceback (most recent call last):", *frames, last]))


def _ruby(rng: random.Random) -> str:
    frames = [
        f"\tfrom /srv/app/{_name(rng)}.rb:{rng.randint(1, 99)}:in `block in load'" for _ in range(rng.randint(1, 5))
    ]
    return leak(
        "\n".join(["/srv/app/a.rb:3:in `seat': undefined method 'x' for nil:NilClass (NoMethodError)", *frames])
    )


def _go(rng: random.Random) -> str:
    frames = [
        f"main.{_name(rng)}(0x{rng.randint(1, 99):x})\n\t/srv/app/a.go:{rng.randint(1, 99)} +0x1d" for _ in range(3)
    ]
    return leak(
        "\n".join(["panic: runtime error: index out of range [5] with length 3\n", "goroutine 1 [running]:", *frames])
    )


def _aspnet(rng: random.Random) -> str:
    name = _name(rng)
    return leak(
        "Server Error in '/' Application.\nObject reference not set to an instance of an object.\n"
        "Description: An unhandled exception occurred during the execution of the current web request. Please "
        "review the stack "
        "trace for more information about the error and where it originated in the code.\n\n"
        "Exception Details: System.NullReferenceException: Object reference not set to an instance of an object.\n\n"
        f"Source Error:\n\nLine 12:     {name} = rows[0]\nLine 13:     {name}.Take()\n\n"
        f"Source File: c:\\src\\{name}.aspx.cs    Line: 13\n\nStack Trace:\n\n"
        "[NullReferenceException: Object reference not set to an instance of an object.]\n"
        f"   Paper.{name}.Page_Load(Object sender, EventArgs e) +33\n   System.Web.UI.Control.OnLoad(EventArgs "
        f"e) +99\n\n"
        "Version Information: Microsoft .NET Framework Version:4.0.30319; ASP.NET Version:4.0.30319.1"
    )


def _tomcat(rng: random.Random) -> str:
    return leak(
        "HTTP Status 500 - \n\ntype Exception report\n\nmessage\n\ndescription The server encountered an "
        "internal error that "
        f"prevented it from fulfilling this "
        f"request.\n\nexception\n\njava.lang.NullPointerException\n{_java_frames(rng, 3)}\n"
        "note The full stack trace of the root cause is available in the Apache Tomcat/7.0.42 logs.\n\nApache "
        "Tomcat/7.0.42"
    )


def _coldfusion(rng: random.Random) -> str:
    name = _name(rng)
    return leak(
        f"Error Occurred While Processing Request\nVariable {name.upper()} is undefined.\n\nThe error occurred in "
        f"D:\\www\\{name}.cfm: line {rng.randint(1, 99)}\n\nResources:\nCheck the ColdFusion documentation to "
        f"verify that you are "
        "using the correct syntax.\nSearch the Knowledge Base to find a solution to your problem.\nBrowser  "
        "Mozilla/5.0\n"
        "Remote Address  10.0.0.1\nReferrer\nDate/Time  12-May-09 03:04 PM"
    )


def _perl(rng: random.Random) -> str:
    place = f"/var/www/cgi-bin/{_name(rng)}.pl line {rng.randint(1, 99)}."
    said = rng.choice(("Can't locate Paper/Seat.pm in @INC (@INC contains: /usr/lib)", "Can't open row", "Died"))
    mail = (
        "For help, please send mail to the webmaster (web@paper.example), giving this error message and the "
        "time and date of the error."
    )
    return leak(rng.choice((f"{said} at {place}", f"Software error:\n\n{said} at {place}\n\n{mail}")))


def _liquid(rng: random.Random) -> str:
    said = (
        "Could not find asset snippets/seat.liquid",
        "internal",
        "comparison of String with 5 failed",
        "divided by 0",
    )
    return leak(f"Liquid error{rng.choice(('', ' (line 12)', ' (snippets/seat line 3)'))}: {rng.choice(said)}")


def _dictionary(rng: random.Random) -> str:
    number = rng.randint(1, 99)
    row = f"{{'id': {number}, 'name': u'{_name(rng)}', 'at': datetime.datetime(2019, 3, 2, 1, 4), 'ok': None}}"
    value = rng.choice((row, f"[{row}, {row}]", "OrderedDict([('a', 1), ('b', [2.5, 'c'])])"))
    return f"\n\n{leak(value)}\n\n"


def _address(rng: random.Random) -> str:
    return leak(f"<paper.models.{_name(rng).title()} object at 0x7f{rng.randint(16**9, 16**10 - 1):x}>")


def _object(rng: random.Random) -> str:
    return (
        f"\n\n{leak(rng.choice(('[object Object]', '[object Object],[object Object]', '[object HTMLDivElement]')))}\n\n"
    )


def collapsed(make: Form) -> Form:
    """Return the form with its white space collapsed, as many scrapers leave it."""

    def write(rng: random.Random) -> str:
        return " ".join(make(rng).split())

    return write


FORMS: Forms = {
    "script": {
        "analytics": _analytics,
        "adverts": _advert,
        "adverts, in one line": collapsed(_advert),
        "loaders": _loader,
        "statements": _statements,
        "statements, in one line": collapsed(_statements),
        "elements": _script_element,
        "state": _state,
    },
    "style": {"rules": _rules, "rules, in one line": collapsed(_rules), "media": _media, "elements": _style_element},
    "sql_error": {
        "MySQL": _mysql,
        "MySQL, in one line": collapsed(_mysql),
        "WordPress": _wordpress,
        "SQLSTATE": _sqlstate,
        "PostgreSQL": _postgresql,
        "Oracle, SQLite, ADO, SQL Server": _other_databases,
        "Oracle, SQLite, ADO, SQL Server, in one line": collapsed(_other_databases),
    },
    "stack_trace": {
        "Java": _java,
        "Java, in one line": collapsed(_java),
        "Java, one line alone": _java_alone,
        ".NET": _dotnet,
        "Node": _node,
        "Python": _python,
        "Python, in one line": collapsed(_python),
        "Ruby": _ruby,
        "Go": _go,
        "Go, in one line": collapsed(_go),
    },
    "server_error": {
        "ASP.NET": _aspnet,
        "ASP.NET, in one line": collapsed(_aspnet),
        "Tomcat": _tomcat,
        "ColdFusion": _coldfusion,
        "Perl": _perl,
        "Liquid": _liquid,
    },
    "python_repr": {"literals": _dictionary, "addresses": _address},
    "stringified": {"objects": _object},
}
"""How leaks of programs look."""


def _shown(template: str, make: Form) -> Form:
    def write(rng: random.Random) -> str:
        return template.format(leak="".join(character for character in make(rng) if character not in "\x01\x02"))

    return write


_TEMPLATES = (
    (
        "How to load rows with JavaScript\n\nIn this tutorial we read rows from an API and show "
        "them.\n\n{leak}\n\nThat is all."
    ),
    (
        "My site breaks since Monday\n\nI get this error:\n\n{leak}\n\nAny ideas what I did wrong? I use MySQL and "
        "a plugin."
    ),
    "Release notes\n\n2.1.0\n\n* Added a map\n* Fixed the error below\n* Removed the old map, see GitHub\n\n{leak}\n",
    "Run the program from the command line:\n\n```\n{leak}\n```\n\nThen look at the file.",
    (
        "A colleague sent me the stack trace of our Java service and the JSON beside it.\n\n{leak}\n\nThe debugger "
        "told me more."
    ),
    "The fault is easy to repeat. The server answers with the following error:\n\n{leak}\n\nNobody knows why.",
    "Paste this code into the head of your page:\n\n{leak}\n\nSave it, and reload.",
)


def _pages(*makes: Callable[[random.Random], str]) -> list[Form]:
    return [_shown(template, make) for template in _TEMPLATES for make in makes]


SHOWN: Shown = {
    "script": _pages(_analytics, _advert, _statements),
    "style": _pages(_rules, _media),
    "sql_error": _pages(_mysql, _postgresql, _other_databases),
    "stack_trace": _pages(_java, _python, _node),
    "server_error": _pages(_aspnet, _perl, _liquid),
    "python_repr": _pages(_dictionary),
    "stringified": _pages(_object),
}
"""Pages that show such things on purpose."""
