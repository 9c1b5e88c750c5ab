"""The practical bound: T reused tabs and nothing else. usage: python bare_playwright.py URL PROMPTS TABS OUTDIR"""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import async_playwright


async def main(url: str, prompts: int, tabs: int, out: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = await browser.new_context()
        waiting = list(reversed(range(prompts)))

        async def tab() -> None:
            page = await context.new_page()
            await page.goto(url)
            drawn = 0
            while waiting:
                number = waiting.pop()
                await page.fill("#prompt", f"panel {number}")
                await page.click("#send")
                source = await page.locator("img.result").nth(drawn).evaluate("e => e.src", timeout=60000)
                drawn += 1
                answer = await context.request.get(source)
                (out / f"{number}.png").write_bytes(await answer.body())

        await asyncio.gather(*(tab() for _ in range(tabs)))
        await browser.close()


folder = Path(sys.argv[4])
folder.mkdir(parents=True, exist_ok=True)
asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), folder))
