//! Call control in the language of calls: legs, bridges, queues, agents, call records.
