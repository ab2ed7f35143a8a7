"""Numbered lines through a server that breaks off again and again: is any of them lost, repeated or out of order?"""
