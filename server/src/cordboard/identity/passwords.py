"""Passwords: argon2id at 19 MiB, t=2, p=1 (OWASP's second recommendation; about 34 ms), in two threads of its own.

Two threads bound the memory and leave the event loop alone, however many people log in at once.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH = 10
MOST_LENGTH = 200

# fmt: off
_COMMON = frozenset((
    "password", "passw0rd", "motdepasse", "azertyuiop", "qwertyuiop", "qwertzuiop", "administrator",
    "administrateur", "letmein", "welcome", "bienvenue", "cordboard", "iloveyou", "jetaime", "sunshine",
    "princess", "football", "baseball", "dragon", "monkey", "superman", "trustno1", "abcdefghij",
    "1234567890", "0123456789", "123456789", "12345678", "987654321", "1q2w3e4r5t", "qazwsxedc",
    "soleil", "doudou", "chouchou",
))
# fmt: on


def weakness_of(password: str, *names: str) -> str | None:
    """Why a password is refused, or None. `names` are words that may not make it up (login, person's name)."""
    if len(password) < LEAST_LENGTH:
        return f"Use at least {LEAST_LENGTH} characters."
    if len(password) > MOST_LENGTH:
        return f"Use at most {MOST_LENGTH} characters."
    if len(set(password)) < 5:
        return "Use at least 5 different characters."
    bare = password.lower().strip("0123456789!?.,*#-_ ")
    if bare in _COMMON or password.lower() in _COMMON or not bare.strip():
        return "This is one of the passwords that are tried first."
    if any(len(name) >= 3 and bare == name.lower() for name in names):
        return "Do not use your own name."
    return None


class Passwords:
    """Hashes and checks; a check against no hash takes as long as a real one, so that it tells nothing."""

    def __init__(self, *, rounds: int = 2, memory_kib: int = 19 * 1024) -> None:
        """The defaults are what protects; tests that log in a lot take less."""
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")
        self._nobody = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, password)

    async def check(self, stored: str | None, password: str) -> bool:
        matches = await asyncio.get_running_loop().run_in_executor(
            self._threads, self._verify, stored or self._nobody, password
        )
        return matches and stored is not None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
