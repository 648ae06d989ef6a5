pytest_plugins = ["cordboard.testing.postgres", "cordboard.testing.web"]
