"""Why a scenario or a plan is as it is: a question, and the answer as one frozen result."""
