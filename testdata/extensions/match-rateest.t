# -m rateest: the estimator has to be there

--rateest re1 --rateest-lt --rateest-bps1 1000000 => = # kpt
--rateest1 re1 --rateest-bps --rateest-gt --rateest2 re2 => = # kpt
=> !bad-rule # kpt
