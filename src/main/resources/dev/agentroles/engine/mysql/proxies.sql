-- One row for each account that another one may act as.
SELECT p.User AS user, p.Host AS host, p.Proxied_user AS proxied_user, p.Proxied_host AS proxied_host
  FROM mysql.proxies_priv AS p
 ORDER BY 1, 2, 3, 4
