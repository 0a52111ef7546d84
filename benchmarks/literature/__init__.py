"""Problems of the facility-location literature: drawn, as instances, as scenarios, and measured."""
