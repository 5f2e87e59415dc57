"""The REST API, version 1: the same people, access rules and services as the pages, in JSON."""
