# -j RATEEST: measures a rate
=> !bad-rule
--rateest-name RE1 --rateest-interval 250.0ms --rateest-ewmalog 500.0ms => =
--rateest-name RE2 --rateest-interval 250ms --rateest-ewmalog 500ms => --rateest-name RE2 --rateest-interval 250.0ms --rateest-ewmalog 500.0ms
--rateest-name RE3 --rateest-interval 1s --rateest-ewmalog 4s => --rateest-name RE3 --rateest-interval 1.0s --rateest-ewmalog 4.0s
--rateest-name RE4 --rateest-interval 500ms --rateest-ewmalog 1s => --rateest-name RE4 --rateest-interval 500.0ms --rateest-ewmalog 1.0s
--rateest-name RE5 --rateest-interval 8s --rateest-ewmalog 60s => --rateest-name RE5 --rateest-interval 8.0s --rateest-ewmalog 64.0s
# Without a unit it is in microseconds.
--rateest-name RE6 --rateest-interval 1 --rateest-ewmalog 4 => --rateest-name RE6 --rateest-interval 250.0ms --rateest-ewmalog 1.0s
--rateest-name RE7 --rateest-interval 250000us --rateest-ewmalog 1s => --rateest-name RE7 --rateest-interval 250.0ms --rateest-ewmalog 1.0s
# The interval is rounded up, but what the average follows is reckoned from the one that was given.
--rateest-name RE8 --rateest-interval 300ms --rateest-ewmalog 1s => --rateest-name RE8 --rateest-interval 500.0ms --rateest-ewmalog 1.0s
--rateest-name RE9 --rateest-interval 100ms --rateest-ewmalog 1s => --rateest-name RE9 --rateest-interval 250.0ms --rateest-ewmalog 2.0s
--rateest-name RE10 --rateest-interval 4s --rateest-ewmalog 1s => !bad-value
--rateest-name RE11 --rateest-interval 9s --rateest-ewmalog 30s => !bad-value
--rateest-name RE12 --rateest-interval x --rateest-ewmalog 4s => !bad-value
--rateest-name RE13 --rateest-interval 1s => !bad-rule
--rateest-interval 1s --rateest-ewmalog 4s => !bad-rule
