"""Crawlee for Python, its idiomatic way. usage: python crawlee_playwright.py URL PROMPTS TABS OUTDIR"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from crawlee import ConcurrencySettings, Request
from crawlee.crawlers import PlaywrightCrawler, PlaywrightCrawlingContext


async def main(url: str, prompts: int, tabs: int, out: Path) -> None:
    crawler = PlaywrightCrawler(
        headless=True,
        browser_launch_options={"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]},
        concurrency_settings=ConcurrencySettings(min_concurrency=tabs, max_concurrency=tabs, desired_concurrency=tabs),
        request_handler_timeout=timedelta(seconds=120),
    )

    @crawler.router.default_handler
    async def handle(context: PlaywrightCrawlingContext) -> None:
        number, page = context.request.user_data["number"], context.page
        await page.fill("#prompt", f"panel {number}")
        await page.click("#send")
        source = await page.locator("img.result").first.evaluate("e => e.src", timeout=60000)
        answer = await page.context.request.get(source)
        (out / f"{number}.png").write_bytes(await answer.body())

    await crawler.run([Request.from_url(url, unique_key=f"p{n}", user_data={"number": n}) for n in range(prompts)])


folder = Path(sys.argv[4])
folder.mkdir(parents=True, exist_ok=True)
asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), folder))
