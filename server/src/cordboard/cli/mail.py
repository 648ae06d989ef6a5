"""`cordboard mail`, which is also `python -m cordboard.cli.mail` for the supervisor."""

from cordboard.cli.options import Data


def command(data: Data = None) -> None:
    """Run the mail process alone: fetch, receive, understand, send. PostgreSQL must run already."""
    from cordboard.mail_process import serve
    from cordboard.settings import Settings

    serve(Settings.load(data))


if __name__ == "__main__":
    command()
