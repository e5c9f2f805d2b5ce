//! The lints: a file and a line here for each, in the order of their codes.

use super::Lint;

/// Declares the module of each lint and makes the list of all.
macro_rules! lints {
    ($($module:ident,)*) => {
        $(mod $module;)*

        /// Every lint, in the order of their codes.
        pub static ALL: &[&Lint] = &[$(&$module::LINT,)*];
    };
}

lints! {
    dump_incomplete,
    truncated_table,
    redefinition,
    undefined_chain,
    chain_loop,
    target_not_valid_here,
    mixed_backends,
    unused_suppression,
    expired_suppression,
    unknown_code_in_config,
    rule_after_catch_all,
    shadowed_rule,
    redundant_rule,
    unreferenced_chain,
    impossible_match,
    dead_after_dnat,
    lb_missing_final_endpoint,
    lb_uneven_weights,
    endpoint_never_matches,
    service_without_endpoints,
    affinity_pair_broken,
    affinity_order,
    affinity_limits,
    masq_mark_broken,
    masq_preempted,
    hairpin_masq_missing,
    external_masq_missing,
    service_source_nat,
    snat_not_random,
    broad_masquerade,
    masq_exemption_late,
    mark_conflict,
    dnat_conflict,
    dnat_target_blocked,
    notrack_kills_nat,
    kube_hook_missing,
    hostport_before_services,
    nodeports_not_last,
    policy_chain_bypassed,
    docker_user_late,
    kube_firewall_drops_all,
    chain_hash_mismatch,
    stale_service_chain,
    mixed_proxy_modes,
    cni_leftovers,
    vip_conflict,
    endpoint_outlier,
    forward_drop_without_pod_accept,
    default_drop_incomplete,
    icmpv6_nd_blocked,
    ban_chain_misses_forward,
    cluster_range_overlap,
    localnet_guard_missing,
    external_ip_capture,
    lb_source_ranges_bypass,
    accept_all,
    published_port_bypasses_firewall,
    ipv6_unfiltered,
    packet_path_too_long,
    log_without_limit,
    debug_leftover,
    deprecated_or_suspicious,
}
