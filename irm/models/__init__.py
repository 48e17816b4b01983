from irm.models.account import Account, AccountHandle, Platform, Snapshot
from irm.models.ask import Ask
from irm.models.audit_entry import AuditEntry
from irm.models.backup_run import BackupRun
from irm.models.base import Base
from irm.models.bounce import Bounce, BounceKind
from irm.models.brand import Brand, BrandMember, Role
from irm.models.bulk_edit import BulkEdit, BulkEditRow
from irm.models.campaign import Campaign, CampaignDay, CampaignMember
from irm.models.duplicate import Duplicate, DuplicateState, Merge
from irm.models.erasure import ErasedKey, Erasure
from irm.models.fact import Fact, FactKind, FactUse, Gift, Source
from irm.models.handover import Handover, HandoverItem
from irm.models.import_batch import (
    BatchState,
    ImportBatch,
    ImportMapping,
    ImportRow,
    ImportStep,
    Verdict,
)
from irm.models.influencer import (
    Archetype,
    ContactPoint,
    Influencer,
    LawfulBasis,
    Origin,
    Tier,
)
from irm.models.interaction import (
    Change,
    Channel,
    Direction,
    Interaction,
    InteractionColleague,
    InteractionVersion,
    Kind,
    Outcome,
    Proof,
    ProofKind,
    Visibility,
)
from irm.models.introduction import Introduction, IntroductionState
from irm.models.invitation import Invitation, InvitationBrand, InvitationState
from irm.models.notice import NoticeMark, Told
from irm.models.outbox import (
    HOLDS_A_SECRET,
    Category,
    ChannelHealth,
    DoubtPolicy,
    MailState,
    Outbox,
    OutboxAttempt,
    Suppression,
)
from irm.models.password_reset import PasswordReset
from irm.models.pause import Pause
from irm.models.place import Community, NetworkRun, Place
from irm.models.plan import Plan, PlanGap
from irm.models.post import Post, PostMention, PostSnapshot, UnreadPost
from irm.models.promise import Promise, Promiser, PromiseState, Question, QuestionState
from irm.models.prospect import Prospect
from irm.models.reading import Reading
from irm.models.relationship import (
    NEVER,
    UNKNOWN_ORDER,
    Level,
    Relationship,
    Stage,
    StageCounter,
    StageMove,
)
from irm.models.review import Decision, Review, ReviewItem
from irm.models.rhythm import Absence, CadencePolicy, PolicyScope, QuietSeason
from irm.models.saved_view import SavedView
from irm.models.score import Score, ScoreKind
from irm.models.search_entry import SearchEntry
from irm.models.second_factor import RecoveryCode, SecondFactor
from irm.models.setting import Setting
from irm.models.tag import RelationshipTag, Tag
from irm.models.task import Task, TaskState
from irm.models.team import Team, TeamMember
from irm.models.tie import Tie, TieKind, TieOrigin
from irm.models.topic import Topic
from irm.models.touchpoint import Planner, State, Touchpoint
from irm.models.user import LoginAttempt, Notice, Session, Tried, User, Way
from irm.models.user_identity import UserIdentity
from irm.models.worker import Instance, Lease, Tick

__all__ = [
    "HOLDS_A_SECRET",
    "NEVER",
    "UNKNOWN_ORDER",
    "Absence",
    "Account",
    "AccountHandle",
    "Archetype",
    "Ask",
    "AuditEntry",
    "BackupRun",
    "Base",
    "BatchState",
    "Bounce",
    "BounceKind",
    "Brand",
    "BrandMember",
    "BulkEdit",
    "BulkEditRow",
    "CadencePolicy",
    "Campaign",
    "CampaignDay",
    "CampaignMember",
    "Category",
    "Change",
    "Channel",
    "ChannelHealth",
    "Community",
    "ContactPoint",
    "Decision",
    "Direction",
    "DoubtPolicy",
    "Duplicate",
    "DuplicateState",
    "ErasedKey",
    "Erasure",
    "Fact",
    "FactKind",
    "FactUse",
    "Gift",
    "Handover",
    "HandoverItem",
    "ImportBatch",
    "ImportMapping",
    "ImportRow",
    "ImportStep",
    "Influencer",
    "Instance",
    "Interaction",
    "InteractionColleague",
    "InteractionVersion",
    "Introduction",
    "IntroductionState",
    "Invitation",
    "InvitationBrand",
    "InvitationState",
    "Kind",
    "LawfulBasis",
    "Lease",
    "Level",
    "LoginAttempt",
    "MailState",
    "Merge",
    "NetworkRun",
    "Notice",
    "NoticeMark",
    "Origin",
    "Outbox",
    "OutboxAttempt",
    "Outcome",
    "PasswordReset",
    "Pause",
    "Place",
    "Plan",
    "PlanGap",
    "Planner",
    "Platform",
    "PolicyScope",
    "Post",
    "PostMention",
    "PostSnapshot",
    "Promise",
    "PromiseState",
    "Promiser",
    "Proof",
    "ProofKind",
    "Prospect",
    "Question",
    "QuestionState",
    "QuietSeason",
    "Reading",
    "RecoveryCode",
    "Relationship",
    "RelationshipTag",
    "Review",
    "ReviewItem",
    "Role",
    "SavedView",
    "Score",
    "ScoreKind",
    "SearchEntry",
    "SecondFactor",
    "Session",
    "Setting",
    "Snapshot",
    "Source",
    "Stage",
    "StageCounter",
    "StageMove",
    "State",
    "Suppression",
    "Tag",
    "Task",
    "TaskState",
    "Team",
    "TeamMember",
    "Tick",
    "Tie",
    "TieKind",
    "TieOrigin",
    "Tier",
    "Told",
    "Topic",
    "Touchpoint",
    "Tried",
    "UnreadPost",
    "User",
    "UserIdentity",
    "Verdict",
    "Visibility",
    "Way",
]
