"""The page of the documentation that prints the matrix of roles and verbs."""

from cx_desktop.domain.access.roles import ROLES
from cx_desktop.domain.access.verbs import StepUpClass, Verb, feature_of, step_up_of

_HEAD = """# Roles and verbs

Made from `cx_desktop/domain/access` (a test keeps this page current). A role is held in one project
or in the whole organisation; the service refuses what no role allows, the client says why.
A project one may not see at all answers as if it did not exist.
"""


def roles_page() -> str:
    """The whole page, in Markdown."""
    heads = [role.replace("_", " ") for role in ROLES]
    lines = [
        _HEAD,
        f"| verb | {' | '.join(heads)} | fresh code | needs |",
        f"|---|{':-:|' * len(heads)}---|---|",
        *(_row(verb) for verb in Verb),
        "",
        "A fresh verification code (step-up) is asked per class of verbs:",
        "",
        *(f"- `{each.value}`: {_held(each)}" for each in StepUpClass),
        "",
    ]
    return "\n".join(lines)


def _row(verb: Verb) -> str:
    marks = " | ".join("●" if verb in verbs else "" for verbs in ROLES.values())
    step_up, feature = step_up_of(verb), feature_of(verb)
    asked = f"`{step_up.value}`" if step_up else ""
    return f"| `{verb.value}` | {marks} | {asked} | {feature or ''} |"


def _held(asked: StepUpClass) -> str:
    return "held for ten minutes" if asked.is_held else "for one act"
