"""Sixty texts that would be code where a page forgot that they are text, by class of attack.

Each bears a number of its own (`xq07`), as the name of an element or attribute wherever the attack
makes one: what is found at such a place was not escaped.
"""

#: What a template engine would make of the sums below; no page says this number by itself.
SUM = "97529917"

_CLASSES = {
    "elements": (
        "<xq01>",
        "<script xq02>xq02()</script>",
        "</title><xq03>",
        "</textarea><xq04>",
        "</script><script xq05>",
        "<iframe srcdoc=xq06 xq06>",
        "<object data=//xq07 xq07>",
        "<base href=//xq08 xq08>",
    ),
    "attributes": (
        '" xq09="1',
        "' xq10='1",
        " xq11=1 onfocus=xq11() autofocus ",
        '"><xq12>',
        "'><xq13>",
        '"/onpointerover=xq14() xq14="',
        "` xq15=`1",
        "\">'><b xq16>",
    ),
    "handlers": (
        "<img src=x onerror=xq17() xq17>",
        "<body onload=xq18() xq18>",
        "<details open ontoggle=xq19() xq19>",
        "<input autofocus onfocus=xq20() xq20>",
        "<video><source onerror=xq21() xq21>",
        "<a onclick=xq22() xq22>x</a>",
    ),
    "svg and math": (
        "<svg onload=xq23() xq23>",
        "<svg><script xq24>xq24()</script>",
        "<svg><animate onbegin=xq25() xq25>",
        '<svg><use href="data:,xq26" xq26>',
        "<math><mi xlink:href=javascript:xq27() xq27>",
        "<svg><a xlink:href=javascript:xq28() xq28>",
    ),
    "addresses": (
        "javascript:xq29()",
        "JaVaScRiPt:xq30()",
        "java\tscript:xq31()",
        "data:text/html,<xq32>",
        "vbscript:xq33",
        "//xq34.example",
        "javascript://example.com/%0axq35()",
    ),
    "templates": (
        "{{8423*11579}} xq36",
        "{% if 1 %}xq37{% endif %}",
        "${8423*11579} xq38",
        "#{8423*11579} xq39",
        "{{cycler.__init__}} xq40",
        "%(xq41)s %s {0} {xq41}",
    ),
    "encoded": (
        "&lt;xq42&gt;",
        "&#60;xq43&#62;",
        "%3Cxq44%3E",
        "\\u003cxq45\\u003e",
        "\\x3cxq46\\x3e",
        "＜xq47＞",  # the wide ones, which some databases fold
    ),
    "mutations": (
        "<noscript><p title='</noscript><xq48>'>",
        "<style><!--</style><xq49>-->",
        "<xmp><p title='</xmp><xq50>'>",
        "<!--><xq51>-->",
        "<![CDATA[><xq52>]]>",
        "<form><math><mtext></form><xq53>",
    ),
    "data": (
        '","xq54":"1',
        "'};xq55();//",
        '\\";xq56();//',
        '{"xq57":"<xq57>"}',
    ),
    "style": (
        '<style xq58>@import"//x"</style>',
        "x;background:url(//xq59)",
        '" style="xq60:1" xq60="',
    ),
}

PAYLOADS = tuple(text for texts in _CLASSES.values() for text in texts)

#: What a link would run, or lead away by.
ADDRESSES = _CLASSES["addresses"]

#: The first of each class, for fields that take few characters.
ONE_OF_EACH = tuple(texts[0] for texts in _CLASSES.values())


def packed(size: int, texts: tuple[str, ...] = PAYLOADS) -> list[str]:
    """All of them in as few texts as fit into so many characters each; one is always taken."""
    packs: list[str] = []
    for text in texts:
        if packs and len(packs[-1]) + 1 + len(text) <= size:
            packs[-1] += " " + text
        else:
            packs.append(text)
    return packs
