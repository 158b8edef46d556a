"""What stays of content, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.personalize.errors import InvalidInput, Problem
from gateway.resolvers.html import Checked, check, clean
from tests.resolvers.html.attacks import ATTACKS

ONLY = "Write HTML; only {{media url=PATH}} and {{store url=PATH}} are kept."

STAYS = {
    "headings": "<h1>One</h1><h2>Two</h2><h6>Six</h6>",
    "lists": '<ul><li>One</li></ul><ol start="3" type="a"><li value="7">T</li></ol>',
    "definitions": "<dl><dt>Word</dt><dd>Meaning</dd></dl>",
    "table": '<table><caption>Sizes</caption><thead><tr><th scope="col">S</th></tr>'
    '</thead><tbody><tr><td colspan="2">1</td></tr></tbody></table>',
    "figure": '<figure><img src="/a.png" alt="A" loading="lazy" width="10">'
    "<figcaption>A</figcaption></figure>",
    "picture": '<picture><source srcset="/a.webp 1x, /b.webp 2x" type="image/webp">'
    '<img src="https://cdn.example.com/a.png" alt=""></picture>',
    "link": '<a href="/gear" title="Gear" target="_blank" rel="nofollow">Gear</a>',
    "link-to-section": '<a href="#size-chart">S</a><h2 id="size-chart">Sizes</h2>',
    "link-to-mail": '<a href="mailto:a@example.com">M</a><a href="tel:+49123">T</a>',
    "video": '<video src="/a.mp4" controls="" poster="/a.png" muted=""></video>',
    "page-builder": '<div data-content-type="row" data-appearance="contained"'
    ' data-element="main" class="pagebuilder-column" aria-label="Row" role="group">'
    '<div data-background-images="{}">x</div></div>',
    "style": '<p style="text-align: center; color: #fff">x</p>',
    "computed-style": '<p style="width: calc(100% - 2px)">x</p>',
    "background": '<p style="background-image: url(https://cdn.example.com/a.png)">'
    "x</p>",
    "background-of-the-shop": '<p style="background-image: url({{media url=a.png}})">'
    "x</p>",
    "button": '<button class="primary" type="button">Buy</button>',
    "section": "<section><article><header>H</header><footer>F</footer></article>"
    "</section>",
    "text": 'Über 50 €&nbsp;&amp; mehr: "a" &lt; b',
    "words": '<p lang="de" dir="ltr"><b>b</b><i>i</i><em>e</em><strong>s</strong><u>u'
    "</u><s>s</s><small>s</small><sub>s</sub><sup>s</sup><mark>m</mark><code>c</code>"
    "<br><wbr></p><hr>",
    "details": '<details open=""><summary>More</summary>Text</details>',
    "braces": "{ a } and } }",
}


@pytest.mark.parametrize("content", STAYS.values(), ids=STAYS.keys())
def test_what_is_clean_stays_as_it_is(content: str) -> None:
    assert check(content) == Checked(content)


@pytest.mark.parametrize(("content", "left"), ATTACKS.values(), ids=ATTACKS.keys())
def test_nothing_that_runs_is_left(content: str, left: str) -> None:
    checked = check(content)

    assert checked.html == left
    assert check(checked.html) == Checked(left)
    assert clean(content) == left


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        ('<img src="{{media url="a/b.png"}}">', '<img src="{{media url=a/b.png}}">'),
        ("<img src='{{media url='a.png'}}'>", '<img src="{{media url=a.png}}">'),
        (
            '<img src="{{media url=&quot;a.png&quot;}}">',
            '<img src="{{media url=a.png}}">',
        ),
        (
            '<a href="{{store url="my page/"}}">x</a>',
            '<a href="{{store url=my%20page/}}">x</a>',
        ),
        ('<a href="{{store url=""}}">x</a>', '<a href="{{store url=}}">x</a>'),
        ('<a href="{{store  url=a }}">x</a>', '<a href="{{store url=a}}">x</a>'),
        (
            '<a href="{{store url="a?b=c#d"}}">x</a>',
            '<a href="{{store url=a?b=c#d}}">x</a>',
        ),
    ],
)
def test_quotes_in_a_directive_leave_its_attribute_whole(
    content: str, kept: str
) -> None:
    assert check(content) == Checked(kept)


@pytest.mark.parametrize(
    ("content", "beginning"),
    [
        ('{{widget type="x"}}', "{{widget"),
        ('<p>{{block id="x"}}</p>', "{{block"),
        ("{{var customer.name}}", "{{var"),
        ('{{config path="x"}}', "{{config"),
        ("{{ media url=a.png}}", "{{ media"),
        ('{{media url="a.png" width="1"}}', "{{media"),
        ('{{media url="../../etc/passwd"}}', "{{media"),
        ('{{store url="//evil.test"}}', "{{store"),
        ('{{store url="javascript:alert(1)"}}', "{{store"),
        ("{{store url='a\"}}", "{{store"),
        ("{{media url=a.png", "{{media"),
        ("{{{media url=a.png}}", "{{"),
        ("&#123;&#123;widget}}", "{{widget"),
        ("{<script></script>{widget}}", "{{widget"),
        ("{{", "{{"),
    ],
)
def test_a_directive_that_nothing_renders_is_refused(
    content: str, beginning: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(content, "content_by_store_view.german")

    message = f"nothing here renders a directive that begins {beginning!r}."
    assert refused.value.problems == (
        Problem("content_by_store_view.german", message, ONLY),
    )
    assert clean(content) == ""


def test_several_directives_are_told_once_each() -> None:
    with pytest.raises(InvalidInput) as refused:
        check("{{widget a}}{{block b}}{{widget c}}")

    message = "nothing here renders a directive that begins '{{widget', '{{block'."
    assert refused.value.problems[0].message == message


def test_more_tags_than_can_be_cleaned_are_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        check("<p>" * 10_001)

    assert refused.value.problems == (
        Problem("content", "it has 10001 tags.", "Write at most 10000."),
    )


@pytest.mark.parametrize(
    "content",
    [
        "<div>" * 10_000,
        "<b>" * 9_000 + "<p>" * 1_000,
        "<a>" * 10_000,
        "<table>" * 10_000,
        "<p " + " ".join(f"a{number}=x" for number in range(25_000)) + ">",
        "{{media url=" + " " * 50_000 + "x" * 50_000,
        "{{media url=" * 9_000,
        f'<p style="{"color: red;" * 15_000}">x</p>',
    ],
    ids=[
        "nested",
        "formatting",
        "links",
        "tables",
        "attributes",
        "spaces",
        "directives",
        "styles",
    ],
)
def test_the_worst_content_does_not_grow_by_being_cleaned(content: str) -> None:
    assert len(clean(content)) <= 4 * len(content)


def test_what_was_removed_is_said_for_people() -> None:
    content = '<p onclick="x" style="position: fixed; color: red">x</p><form>y</form>'

    checked = check(content)

    assert checked == Checked(
        '<p style="color: red">x</p>y',
        ("<form>", "onclick of <p>", "the style position of <p>"),
    )


@pytest.mark.parametrize(
    "content",
    [
        "<P>Hello<br/>you</P>",
        "<ul><li>One<li>Two</ul>",
        "<table><tr><td>1</table>",
        "a & b",
        "<p class='a'>x",
        "<button>Buy</button>",
        '<a href="/x" rel="NoFollow">x</a>',
    ],
)
def test_what_is_only_written_otherwise_is_not_said_to_be_removed(
    content: str,
) -> None:
    assert check(content).removed == ()


_PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<a href='", "'", '"', ">", "<", "{", "}", "{{", "}}", "&"),
        *("media url=", "store url=", "javascript:", "onclick=", "style='", "<!--"),
        *("-->", "<svg>", "<math>", "<style>", "<title>", "<![CDATA[", "]]>", "<!x"),
        *("&#123;", "&lt;", "x", " ", "/", "\x00", "é", "<img src=", "<table>", "<b>"),
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(_PIECES, max_size=20).map("".join))
def test_cleaning_twice_is_cleaning_once(content: str) -> None:
    once = clean(content)

    assert clean(once) == once
