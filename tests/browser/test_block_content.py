"""A browser is shown what cleaning has left of attacks, and nothing runs."""

from playwright.async_api import Page, Route

from gateway.resolvers.html import clean
from tests.resolvers.html.attacks import ATTACKS

_NOTE_ALERTS = "window.ran = []; window.alert = what => window.ran.push(what)"
# What a shopper's own hand could set off is set off too.
_TOUCH = """() => {
  for (const one of document.querySelectorAll('#block *')) {
    for (const type of ['click', 'mouseover', 'focus', 'toggle', 'animationstart']) {
      one.dispatchEvent(new Event(type, {bubbles: true, cancelable: true}));
    }
  }
}"""


async def _ran(page: Page, content: str) -> tuple[int, list[str]]:
    """Show content as a storefront does; give the alerts, and hosts asked for."""
    asked: list[str] = []

    async def refuse(route: Route) -> None:
        asked.append(route.request.url)
        if route.request.is_navigation_request() and len(asked) == 1:
            await route.fulfill(body="<div id=block></div>", content_type="text/html")
        else:
            await route.abort()

    await page.unroute_all()
    await page.route("**/*", refuse)
    await page.goto("http://shop.test/")
    await page.evaluate(
        """async html => {
          const range = document.createRange();
          document.getElementById('block').append(range.createContextualFragment(html));
          await new Promise(done => setTimeout(done, 20));
        }""",
        content,
    )
    await page.evaluate(_TOUCH)
    ran = await page.evaluate("window.ran.length")
    return int(ran), [url for url in asked if "evil.test" in url]


async def test_nothing_of_an_attack_runs_once_it_is_cleaned(page: Page) -> None:
    await page.add_init_script(_NOTE_ALERTS)

    cleaned = [clean(content) for content, _ in ATTACKS.values()]

    assert await _ran(page, "".join(cleaned)) == (0, [])


async def test_the_same_attacks_do_run_when_nobody_cleans_them(page: Page) -> None:
    await page.add_init_script(_NOTE_ALERTS)

    ran, _ = await _ran(page, ATTACKS["image-that-fails"][0])
    _, asked = await _ran(page, ATTACKS["style-sheet-by-link"][0])

    assert ran == 1
    assert asked == ["http://evil.test/x.css"]
