"""What mdata writes and reads, said a second time in plain Python: ids, pairs, trees. Standard library only."""
