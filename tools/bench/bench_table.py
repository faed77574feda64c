"""Costs as Markdown."""

from bench_measure import median


def table(header, rows):
    yield "| " + " | ".join(header) + " |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def cost_table(clients, costs, ideal_s=None):
    """A line for each client: medians, each measure by itself."""
    header = ["client", "wall s", *(["of the ideal"] if ideal_s else []), "requests/s",
              "CPU ms per 1,000", "peak MB", "most at once: in all, a host", "note"]

    def line(client):
        of_client = costs[client.name]
        if not of_client:
            return [client.name, *["" for _ in header[2:]], client.missing]
        wall = median(of_client, "wall_s")
        counters = of_client[-1].counters
        notes = [client.note] if client.note else []
        if any(cost.requests != client.requests for cost in of_client):
            notes.append(f"asked {of_client[-1].requests:,} of {client.requests:,}")
        return [client.name, f"{wall:.2f}", *([f"{wall / ideal_s:.2f}"] if ideal_s else []),
                f"{median(of_client, 'requests_per_second'):,.0f}",
                f"{median(of_client, 'cpu_ms_per_1000'):.1f}",
                f"{median(of_client, 'peak_mb'):.0f}",
                f"{counters['requests_max']:,}, {counters['requests_host_max']}", "; ".join(notes)]

    return list(table(header, [line(client) for client in clients]))


def aim(words, value, is_met):
    """One aim and what became of it; a value of None was not measured."""
    if value is None:
        return f"* {words}: **not measured**"
    return f"* {words}: {value}: **{'met' if is_met else 'missed'}**"
