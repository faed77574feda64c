"""A catalogue of two series and two mirrors, for tests of commands that ask no mirror."""

CATALOG = """
[[distribution]]
name = "tiny"
title = "Tiny Linux"
pockets = ["RELEASE", "UPDATES"]
admins = ["Admin <admin@example.org>"]

[[distribution.series]]
name = "one"
version = "1.0"
status = "OBSOLETE"
components = ["main"]
architectures = ["amd64"]

[[distribution.series]]
name = "two"
version = "2.0"
status = "CURRENT"
components = ["main"]
architectures = ["amd64"]
unofficial_architectures = ["riscv64"]

[[mirror]]
name = "first"
distribution = "tiny"
owner = ["José <jose@example.org>", "Team <team@example.org>"]
country = "BR"
speed = "1G"
http_url = "http://first.example.org/tiny"
official_candidate = true
status = "OFFICIAL"

[[mirror]]
name = "second"
distribution = "tiny"
owner = "Second <second@example.org>"
country = "DE"
speed = "10M"
https_url = "https://second.example.org/tiny"
"""
