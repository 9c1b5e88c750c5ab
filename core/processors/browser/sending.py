"""From a prompt in hand to a prompt the site has taken: attach, write, read back, submit, see one's own turn.

Where nothing but the page itself is needed for that, it is asked once for all of it."""

from collections.abc import Sequence
from pathlib import Path

from core.outcomes import AttemptError, Outcome, RunBlocked
from core.processors.browser.asking import Answer, Asker, lost_under_cover
from core.processors.browser.live import LivePage, Navigated
from core.sites import SiteProfile


class Sender:
    """Sends prompts on one page."""

    def __init__(self, live: LivePage, asker: Asker, site: SiteProfile) -> None:
        self._live, self._asker, self._site = live, asker, site

    def as_written(self, prompt: str) -> str:
        """The prompt as this site's box takes it."""
        return " ".join(prompt.split()) if self._site.prompt.newlines == "space" else prompt

    async def attach(self, files: Sequence[Path]) -> None:
        """Upload reference pictures and wait until every one has arrived."""
        if not files or not self._site.upload.input:
            return
        box = (
            await self._live.run(self._live.page.evaluate_handle(FILE_INPUT, list(self._site.upload.input)))
        ).as_element()
        if box is None:
            raise await self._asker.missing("upload.input")
        before = (await self._asker.ask("uploads")).count
        paths = [str(path.absolute()) for path in files]
        if len(paths) == 1 or await self._live.run(box.evaluate("input => input.multiple")):
            await self._live.run(box.set_input_files(paths))
            await self._arrived(before, len(paths))
        else:
            for count, path in enumerate(paths):
                await self._live.run(box.set_input_files(path))
                await self._arrived(before + count, 1)

    async def _arrived(self, before: int, count: int) -> None:
        if self._site.upload.done:
            answer = await self._asker.ask("uploaded", before, count)
            if not answer.arrived:
                within = self._site.upload.within
                raise AttemptError(
                    Outcome.RETRYABLE, f"the reference pictures did not arrive on the page within {within:.0f} s"
                )

    async def send(self, prompt: str, *, anew: bool) -> str:
        """Write and submit ``prompt``; the conversation it is in, "" where that has no address.

        ``anew``: the attempt begins with this. Raises AttemptError with ``lost`` where the page went elsewhere before
        it could be seen whether it took the prompt.
        """
        how = self._site.prompt.how
        if how == "type" or not self._site.send.button:
            if anew:
                await self._asker.ask_again("begin")
            await self.write(prompt)
            return await self._submit(prompt)
        try:
            answer = await self._asker.ask("send", prompt, how, anew)
        except Navigated:
            answer = await self._seen_elsewhere(prompt)
        if answer.covered is not None:
            raise lost_under_cover(answer)
        if answer.written:
            return self._taken(answer)
        await self._written(prompt, answer)
        return await self._submit(prompt)

    async def write(self, prompt: str) -> None:
        """Put ``prompt`` into its box, as it is to be sent, and read it back."""
        await self._written(prompt, await self._composed(prompt, self._site.prompt.how))

    async def _written(self, prompt: str, answer: Answer) -> None:
        """Bring ``prompt`` into its box another way, where ``answer`` tells that the first was not enough."""
        how = self._site.prompt.how
        if answer.typing:
            await self._type(prompt)
            answer = await self._asker.ask("readBack", prompt)
        elif not answer.written and how == "insert":
            # Some editors want it from the browser, as if pasted by hand.
            await self._composed(prompt, "type")
            await self._live.run(self._live.page.keyboard.insert_text(prompt))
            answer = await self._asker.ask("readBack", prompt)
        if not answer.written:
            raise self._unwritten(prompt, answer)

    async def _composed(self, prompt: str, how: str) -> Answer:
        answer = await self._asker.ask("compose", prompt, how)
        if answer.covered is not None:
            raise lost_under_cover(answer)
        return answer

    async def _type(self, prompt: str) -> None:
        keyboard = self._live.page.keyboard
        for number, line in enumerate(prompt.split("\n")):
            if number:
                await self._live.run(keyboard.press("Shift+Enter"))
            await self._live.run(keyboard.type(line))

    def _unwritten(self, prompt: str, answer: Answer) -> RunBlocked:
        name = self._site.name
        hint = 'set how = "type" under [prompt]'
        if "\n" in prompt and self._site.prompt.newlines == "keep":
            hint = 'if a newline submits there, set newlines = "space" under [prompt]'
        return self._asker.misfit(
            f'the prompt box of {name} holds "{answer.holds}" instead of the prompt; '
            f'{hint} in the site profile "{name}"'
        )

    async def _submit(self, prompt: str) -> str:
        """Submit what is written; the conversation it is in."""
        try:
            if self._site.send.button:
                answer = await self._asker.ask("submit", prompt)
            else:
                await self._live.run(self._live.page.keyboard.press(self._site.send.key))
                answer = await self._asker.ask("committed", prompt)
        except Navigated:
            answer = await self._seen_elsewhere(prompt)
        if answer.covered is not None:
            raise lost_under_cover(answer)
        return self._taken(answer)

    async def _seen_elsewhere(self, prompt: str) -> Answer:
        """The page went elsewhere under the send: what can be seen of the prompt there."""
        answer = await self._asker.ask_again("find", prompt)
        if answer.absent:
            sentence = "the page went elsewhere under the send; whether it took the prompt cannot be told"
            raise AttemptError(Outcome.LOST, sentence)
        return answer

    def _taken(self, answer: Answer) -> str:
        """The conversation the site has taken the prompt in. Raises where it has not."""
        if answer.uncommitted and answer.left:
            what = "send.button" if self._site.send.button else "send.key"
            raise self._asker.misfit(
                f"{self._site.name} did not take the prompt: it still stands in its box; "
                f'check "{what}" in the site profile "{self._site.name}"'
            )
        if answer.uncommitted:
            within = self._site.send.within
            raise AttemptError(Outcome.RETRYABLE, f"the prompt was gone from its box but never sent ({within:.0f} s)")
        return answer.conversation


FILE_INPUT = "selectors => window.__novelgen.fileInput({ upload: { input: selectors } })"
