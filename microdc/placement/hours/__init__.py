"""A plan in every hour in which it promises service: from home where that fits, else rerouted."""
