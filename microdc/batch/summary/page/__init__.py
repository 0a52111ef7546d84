"""A batch as one page that needs no network: table, charts, map and regret."""
