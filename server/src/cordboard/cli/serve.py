"""`cordboard serve`."""

from cordboard.cli.options import Data


def command(data: Data = None) -> None:
    """Run the server alone: web and live work. PostgreSQL and Asterisk must run already."""
    from cordboard.cli.serving import serve
    from cordboard.settings import Settings

    serve(Settings.load(data))
