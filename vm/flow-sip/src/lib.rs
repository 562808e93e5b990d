//! SIP and SDP without input or output: wire, transactions, dialogs, offer and answer.
