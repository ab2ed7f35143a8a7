"""Runs drain3 on logs, in whatever Python has it: its two distributions cannot be installed together.

Reads a JSON list of lists of lines from its input. Writes a JSON object: the group of each line, and the seconds of
processor time that all took. Its settings are its own defaults, with the masks that its documentation proposes.
"""

from __future__ import annotations

import json
import sys
import time

MASKS = (
    (r"((?<=[^A-Za-z0-9])|^)(([0-9a-f]{2,}:){3,}([0-9a-f]{2,}))((?=[^A-Za-z0-9])|$)", "ID"),
    (r"((?<=[^A-Za-z0-9])|^)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})((?=[^A-Za-z0-9])|$)", "IP"),
    (r"((?<=[^A-Za-z0-9])|^)([0-9a-f]{6,} ?){3,}((?=[^A-Za-z0-9])|$)", "SEQ"),
    (r"((?<=[^A-Za-z0-9])|^)([0-9A-F]{4} ?){4,}((?=[^A-Za-z0-9])|$)", "SEQ"),
    (r"((?<=[^A-Za-z0-9])|^)(0x[a-f0-9A-F]+)((?=[^A-Za-z0-9])|$)", "HEX"),
    (r"((?<=[^A-Za-z0-9])|^)([\-\+]?\d+)((?=[^A-Za-z0-9])|$)", "NUM"),
)


def main() -> None:
    from drain3 import TemplateMiner
    from drain3.masking import MaskingInstruction
    from drain3.template_miner_config import TemplateMinerConfig

    groups = []
    began = time.process_time()
    for lines in json.load(sys.stdin):
        config = TemplateMinerConfig()
        config.masking_instructions = [MaskingInstruction(pattern, name) for pattern, name in MASKS]
        miner = TemplateMiner(config=config)
        groups.append([miner.add_log_message(line)["cluster_id"] for line in lines])
    print(json.dumps({"groups": groups, "seconds": time.process_time() - began}))


if __name__ == "__main__":
    main()
