pytest_plugins = ["cordboard.testing.postgres"]
