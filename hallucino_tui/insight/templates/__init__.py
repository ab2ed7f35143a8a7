"""Kinds of lines: which words of a line are its own, and which it shares with all lines like it.

`miner.Miner` takes lines and numbers them by their templates. In a template's text ``<*>`` stands for a variable, of
whatever type, and ``5xx`` for a status of HTTP from 500 on: of all numbers this one changes what a line says. What a
template is about is the message: the head of a line (time, host, process, level, logger) is not a part of it, and of
JSON and logfmt only what people wrote there is.

How it goes: numbers are folded by columns (`folding`), and lines that are equal then are looked at once. Such a line is
read (`heads`, `message`, `masks`, `tokens`), and messages are brought together that differ in few words where many
different ones were seen (`groups`, `likeness`). All of it depends on the order of lines alone, never on the pieces in
which they come.
"""
