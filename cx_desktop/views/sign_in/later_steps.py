"""The steps after the password; start-up does without them."""

from collections.abc import Callable

from PySide6.QtGui import QClipboard

from cx_desktop.models.qr import modules
from cx_desktop.models.session import Session, Step
from cx_desktop.views.sign_in.code_step import CodeStep
from cx_desktop.views.sign_in.enrolment_step import EnrolmentStep
from cx_desktop.views.sign_in.invitation_step import InvitationStep
from cx_desktop.views.sign_in.recovery_step import RecoveryStep
from cx_desktop.views.widgets.look import Look

LaterStep = CodeStep | EnrolmentStep | InvitationStep | RecoveryStep
MakeStep = Callable[[Step], LaterStep]


def later_step(look: Look, session: Session, clipboard: QClipboard, step: Step) -> LaterStep:
    """The widget of one of these steps."""
    match step:
        case Step.CODE:
            return CodeStep(look, session)
        case Step.ENROLMENT:
            return EnrolmentStep(look, session, clipboard=clipboard, qr=modules)
        case Step.INVITATION:
            return InvitationStep(look, session)
    return RecoveryStep(look, session, clipboard=clipboard)
