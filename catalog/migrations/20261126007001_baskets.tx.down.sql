DROP TABLE baskets;
