"""The seal: RFC 6962 tree, checkpoints and proofs, all pure.

Owns the bytes of leaves, nodes, checkpoints, proofs, tiles and witness requests.
Must not know: files, databases, the network, findings, or any other room of the house.
"""
