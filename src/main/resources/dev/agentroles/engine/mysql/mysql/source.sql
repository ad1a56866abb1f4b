-- One row a server that this one is a replica of, whether or not it is following just now. The channels of Group
-- Replication make no replica: there the server itself sets super_read_only on all but the primary.
SELECT CONCAT(Host, ':', Port) AS source
  FROM mysql.slave_master_info
 WHERE Host <> '' AND Channel_name NOT LIKE 'group\_replication\_%'
