"""The program `jixiao`: parse, call, print.

Only here, in the room `cli`, is anything printed; only here does the process end, and only here
are the clock and the environment read. A command loads what it needs when it runs.
"""

from __future__ import annotations

import gc
import gettext
import os
import sys
from importlib import import_module
from pathlib import Path

# Before click is imported: it fetches its words while its modules load.
os.environ.setdefault("LANGUAGE", "zh_CN")
gettext.bindtextdomain("messages", str(Path(__file__).parents[1] / "locale"))

import click  # noqa: E402 (see above)

from pipeline.cli.console import print_error  # noqa: E402
from pipeline.cli.options import ROOT  # noqa: E402
from pipeline.errors import JixiaoError  # noqa: E402

__all__ = ["ROOT", "cli", "main"]


def main() -> None:
    """Run the program; a known error is a line and exit code 1, others keep their traceback."""
    # Loading makes many objects that stay; looking for garbage among them is a tenth of a start.
    gc.set_threshold(50_000)
    try:
        cli(prog_name="jixiao")
    except JixiaoError as error:
        print_error(error)
        sys.exit(1)


# Command → the module of this room that it is in, in the order of --help.
COMMANDS = {
    **dict.fromkeys(("build", "digest", "forms"), "documents"),
    **dict.fromkeys(("collect", "status"), "forms"),
    **dict.fromkeys(("check", "score", "fmt", "rename", "schema", "new"), "tables"),
    **dict.fromkeys(("site", "publish", "unpublish"), "publishing"),
    **dict.fromkeys(("preview", "dump", "doctor"), "inspecting"),
}


class Commands(click.Group):
    """The commands, each loaded when it is asked for: `make annexes` is called all the time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of --help."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"pipeline.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    options_metavar="[选项]",
    subcommand_metavar="命令 [参数]...",
)
@click.version_option(package_name="jixiao", message="jixiao %(version)s")
def cli() -> None:
    """绩效：从表格（CSV）生成绩效管理的四个附件。

    一期绩效管理是 inputs 下的一个文件夹，例如 inputs/2023。改好表格以后运行 jixiao build，
    Word 文件在 build/2023 里。
    """
