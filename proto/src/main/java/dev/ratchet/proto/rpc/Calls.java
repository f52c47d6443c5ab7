package dev.ratchet.proto.rpc;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.AdminRequest;
import dev.ratchet.proto.message.BackupReply;
import dev.ratchet.proto.message.BackupRequest;
import dev.ratchet.proto.message.BalanceReply;
import dev.ratchet.proto.message.BalanceRequest;
import dev.ratchet.proto.message.CallReply;
import dev.ratchet.proto.message.CallRequest;
import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.DiskReply;
import dev.ratchet.proto.message.DiskRequest;
import dev.ratchet.proto.message.DrainReply;
import dev.ratchet.proto.message.DrainRequest;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.HandoverRequest;
import dev.ratchet.proto.message.Hello;
import dev.ratchet.proto.message.HelloReply;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.MemberAddRequest;
import dev.ratchet.proto.message.MemberListReply;
import dev.ratchet.proto.message.MemberListRequest;
import dev.ratchet.proto.message.MemberRemoveRequest;
import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.message.MembersReply;
import dev.ratchet.proto.message.MoveReply;
import dev.ratchet.proto.message.MoveRequest;
import dev.ratchet.proto.message.NamespaceReply;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.ReleaseReply;
import dev.ratchet.proto.message.ReleaseRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.RestoreReply;
import dev.ratchet.proto.message.RestoreRequest;
import dev.ratchet.proto.message.ResumeReply;
import dev.ratchet.proto.message.ResumeRequest;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.message.TransferRequest;
import dev.ratchet.proto.message.WitnessReply;
import dev.ratchet.proto.message.WitnessRequest;
import java.util.List;

/**
 * Every call of the native protocol. Up to 15: for callers; 16 to 31: for operators, with a token;
 * from 32: between allocation nodes and store.
 */
public final class Calls {
  /** Who is there; any node. */
  public static final Call<Hello, HelloReply> HELLO =
      new Call<>(1, "hello", Hello.SCHEMA, HelloReply.SCHEMA);

  /** Numbers for routed keys; allocation nodes. */
  public static final Call<IssueRequest, IssueReply> ISSUE =
      new Call<>(2, "issue", IssueRequest.SCHEMA, IssueReply.SCHEMA);

  /** Numbers for keys by name; routers. */
  public static final Call<CallRequest, CallReply> CALL =
      new Call<>(3, "call", CallRequest.SCHEMA, CallReply.SCHEMA);

  /** Route table changes; any node. */
  public static final Call<RoutesRequest, RouteDelta> ROUTES =
      new Call<>(4, "routes", RoutesRequest.SCHEMA, RouteDelta.SCHEMA);

  /** Creates a namespace; any node passes it on to the store's leader. */
  public static final Call<Namespace, NamespaceReply> NAMESPACE_CREATE =
      new Call<>(5, "namespace_create", Namespace.SCHEMA, NamespaceReply.SCHEMA);

  /** Lists namespaces; any node passes it on to the store's leader. */
  public static final Call<Empty, NamespaceReply> NAMESPACE_LIST =
      new Call<>(6, "namespace_list", Empty.SCHEMA, NamespaceReply.SCHEMA);

  /** State of the cluster; any node passes it on to the store's leader. */
  public static final Call<Empty, StatusReply> STATUS =
      new Call<>(7, "status", Empty.SCHEMA, StatusReply.SCHEMA);

  /** Has an allocation node hand its sections to the others, and gives it no new ones. */
  public static final Call<DrainRequest, DrainReply> DRAIN =
      new Call<>(16, "drain", DrainRequest.SCHEMA, DrainReply.SCHEMA);

  /** Has one section handed over to an allocation node, and keeps it there. */
  public static final Call<MoveRequest, MoveReply> MOVE =
      new Call<>(17, "move", MoveRequest.SCHEMA, MoveReply.SCHEMA);

  /** Lets every section go where even shares want it. */
  public static final Call<BalanceRequest, BalanceReply> BALANCE =
      new Call<>(18, "balance", BalanceRequest.SCHEMA, BalanceReply.SCHEMA);

  /** Makes a store node a member. */
  public static final Call<MemberAddRequest, MembersReply> MEMBER_ADD =
      new Call<>(19, "member_add", MemberAddRequest.SCHEMA, MembersReply.SCHEMA);

  /** Takes a store node out of the members. */
  public static final Call<MemberRemoveRequest, MembersReply> MEMBER_REMOVE =
      new Call<>(20, "member_remove", MemberRemoveRequest.SCHEMA, MembersReply.SCHEMA);

  /** The store's members. */
  public static final Call<MemberListRequest, MemberListReply> MEMBER_LIST =
      new Call<>(21, "member_list", MemberListRequest.SCHEMA, MemberListReply.SCHEMA);

  /** Has another store node lead. */
  public static final Call<TransferRequest, MembersReply> TRANSFER =
      new Call<>(22, "transfer", TransferRequest.SCHEMA, MembersReply.SCHEMA);

  /** A page of a backup. */
  public static final Call<BackupRequest, BackupReply> BACKUP =
      new Call<>(23, "backup", BackupRequest.SCHEMA, BackupReply.SCHEMA);

  /** A step of a restore. */
  public static final Call<RestoreRequest, RestoreReply> RESTORE =
      new Call<>(24, "restore", RestoreRequest.SCHEMA, RestoreReply.SCHEMA);

  /** Lets halted sections be granted again. */
  public static final Call<ResumeRequest, ResumeReply> RESUME =
      new Call<>(25, "resume", ResumeRequest.SCHEMA, ResumeReply.SCHEMA);

  /** Operators' calls: any node passes them on to the store's leader, which checks the token. */
  public static final List<Call<? extends AdminRequest, ?>> ADMIN =
      List.of(
          DRAIN,
          MOVE,
          BALANCE,
          MEMBER_ADD,
          MEMBER_REMOVE,
          MEMBER_LIST,
          TRANSFER,
          BACKUP,
          RESTORE,
          RESUME);

  public static final Call<RegisterRequest, RegisterReply> REGISTER =
      new Call<>(32, "register", RegisterRequest.SCHEMA, RegisterReply.SCHEMA);

  public static final Call<RenewRequest, RenewReply> RENEW =
      new Call<>(33, "renew", RenewRequest.SCHEMA, RenewReply.SCHEMA);

  public static final Call<GrantsRequest, GrantsReply> GRANTS =
      new Call<>(34, "grants", GrantsRequest.SCHEMA, GrantsReply.SCHEMA);

  public static final Call<HandoverRequest, HandoverReply> HANDOVER =
      new Call<>(35, "handover", HandoverRequest.SCHEMA, HandoverReply.SCHEMA);

  public static final Call<RaiseRequest, RaiseReply> RAISE =
      new Call<>(36, "raise", RaiseRequest.SCHEMA, RaiseReply.SCHEMA);

  public static final Call<ReleaseRequest, ReleaseReply> RELEASE =
      new Call<>(37, "release", ReleaseRequest.SCHEMA, ReleaseReply.SCHEMA);

  /** Raft role, term and progress of the store node asked. */
  public static final Call<Empty, MemberStatus> MEMBER_STATUS =
      new Call<>(38, "member_status", Empty.SCHEMA, MemberStatus.SCHEMA);

  /** Whose disk is whose, between store nodes; answered before Raft runs. */
  public static final Call<DiskRequest, DiskReply> DISK =
      new Call<>(40, "disk", DiskRequest.SCHEMA, DiskReply.SCHEMA);

  /** A barrier of strict namespaces. */
  public static final Call<ConfirmRequest, ConfirmReply> CONFIRM =
      new Call<>(41, "confirm", ConfirmRequest.SCHEMA, ConfirmReply.SCHEMA);

  /** What a node saw committed, before it asks for a lease again. */
  public static final Call<WitnessRequest, WitnessReply> WITNESS =
      new Call<>(42, "witness", WitnessRequest.SCHEMA, WitnessReply.SCHEMA);

  private Calls() {}
}
