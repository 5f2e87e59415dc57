"""What can keep the site from starting, in sentences for the person at the terminal."""


class LaunchError(Exception):
    """The launcher cannot go on; its text says why and what to do."""
