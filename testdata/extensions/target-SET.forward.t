# -j SET: priority and queue can be set once the packet is routed
table mangle
chain FORWARD
--map-set test src --map-prio => =
--map-set test src --map-queue => =
--map-set test src --map-queue --map-prio --map-mark => --map-set test src --map-mark --map-prio --map-queue
