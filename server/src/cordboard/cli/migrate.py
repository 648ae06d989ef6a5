"""`cordboard migrate`."""

from cordboard.cli.options import Data


def command(data: Data = None) -> None:
    """Bring the database's tables up to date, as the role that owns them."""
    from cordboard.db.migrate import upgrade
    from cordboard.settings import Settings

    upgrade(Settings.load(data).database_owner_dsn)
