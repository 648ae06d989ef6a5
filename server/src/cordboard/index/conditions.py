"""A WHERE clause that is put together from fragments, with its values as parameters: only what is asked for is in it, so that
every combination has a plan of its own."""


class Conditions:
    """`first` holds always. A fragment's `{0}`, `{1}`, … become the numbers of its parameters."""

    def __init__(self, first: str = "true") -> None:
        self._words = [first]
        self.values: list[object] = []

    def value(self, value: object) -> str:
        """The parameter's name in SQL."""
        self.values.append(value)
        return f"${len(self.values)}"

    def add(self, fragment: str, *values: object) -> None:
        self._words.append(fragment.format(*(self.value(value) for value in values)))

    def say(self, words: str) -> None:
        """Words that have their parameters already."""
        self._words.append(words)

    @property
    def where(self) -> str:
        return " WHERE " + " AND ".join(self._words)
