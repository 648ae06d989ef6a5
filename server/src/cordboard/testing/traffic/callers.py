"""Simulated callers: each calls, listens, chooses, waits and talks, or hangs up when his patience is over."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from cordboard.testing.traffic.chance import Chance, Character, Entry, character
from cordboard.testing.traffic.ears import Ears
from cordboard.testing.traffic.exchange import Exchange, NetworkLine
from cordboard.testing.traffic.report import Outcome, Tally

IDLE_MEAN_SECONDS = 4.0
"""Between two calls of one place; short, so that about as many calls are in progress as there are places."""
FIRST_CALLS_EVERY_SECONDS = 0.7
ANSWER_SECONDS = 40.0
WRONG_KEY = "8"
LONGEST_CALL_SECONDS = 1_200.0


@dataclass(frozen=True, slots=True)
class Callers:
    """Keeps about `places` calls in progress."""

    exchange: Exchange
    ears: Ears
    tally: Tally
    entries: Sequence[Entry]
    chance: Chance

    async def run(self, places: int) -> None:
        """Runs until cancelled."""
        indices = count(self.chance.number_below(1000))
        async with asyncio.TaskGroup() as group:
            for place in range(places):
                group.create_task(self._keep_calling(place, indices))

    async def _keep_calling(self, place: int, indices: "count[int]") -> None:
        chance = self.chance.child(f"place {place}")
        await asyncio.sleep(place * FIRST_CALLS_EVERY_SECONDS)
        while True:
            await self._call(character(chance, self.entries, next(indices)), chance)
            await asyncio.sleep(chance.until_next(IDLE_MEAN_SECONDS))

    async def _call(self, who: Character, chance: Chance) -> None:
        line = await self.exchange.call(who.number, who.entry.number)
        self.tally.present += 1
        try:
            async with asyncio.timeout(LONGEST_CALL_SECONDS):
                outcome = await _live(line, who, self.ears, chance)
        except TimeoutError:
            outcome = Outcome.LOST_PATIENCE
        finally:
            self.tally.present -= 1
            await line.hang_up()
        self.tally.over[outcome] += 1


async def _live(line: NetworkLine, who: Character, ears: Ears, chance: Chance) -> Outcome:
    """One call from the caller's side."""
    if not await line.wait_answered(ANSWER_SECONDS):
        return Outcome.NOT_ANSWERED
    await line.be_silent()
    if who.key and not await _choose(line, who, chance):
        return Outcome.TURNED_AWAY
    talked = False
    while await _wait_for_somebody(line, who, ears):
        talked = True
        await line.pause(chance.between(2.5, 4.0))  # the agent speaks first
        if await _talk(line, who, ears, chance):
            break
    if talked:
        return Outcome.TALKED
    return Outcome.TURNED_AWAY if line.ended.is_set() else Outcome.LOST_PATIENCE


async def _choose(line: NetworkLine, who: Character, chance: Chance) -> bool:
    """Listens to the menu and presses a key. False when the call ended meanwhile."""
    if not await line.pause(who.listens_seconds):
        return False
    if who.never_presses:
        return True
    if who.wrong_key_first:
        await line.press(WRONG_KEY)
        if not await line.pause(chance.between(5.0, 9.0)):
            return False
    await line.press(who.key)
    return True


async def _wait_for_somebody(line: NetworkLine, who: Character, ears: Ears) -> bool:
    """Waits in the queue. False when patience or the call is over."""
    waited = 0.0
    while waited < who.patience_seconds:
        if ears.hears_somebody(who.number):
            return True
        if not await line.pause(0.5):
            return False
        waited += 0.5
    return False


async def _talk(line: NetworkLine, who: Character, ears: Ears, chance: Chance) -> bool:
    """Talks, with pauses for the answers. True when the talk is over, False when the caller waits again (a transfer)."""
    spoken, sentence = 0.0, f"caller-{who.topic}"
    while spoken < who.talk_seconds:
        if not await line.say(sentence, who.language):
            return True
        pause = chance.between(5.0, 11.0)
        if not await line.pause(pause):
            return True
        if not ears.hears_somebody(who.number) and not await _is_back(line, who, ears):
            return line.ended.is_set()
        spoken += pause + 4
        sentence = "caller-4"
    await line.say("caller-5", who.language)
    await line.pause(1.0)
    return True


async def _is_back(line: NetworkLine, who: Character, ears: Ears) -> bool:
    """Put on hold: most agents come back within half a minute."""
    for _ in range(30):
        if not await line.pause(1.0):
            return False
        if ears.hears_somebody(who.number):
            return True
    return False
