package dev.agentroles.engine.mysql;

import java.util.Locale;
import java.util.Set;

/// Where storage engines keep a table's rows (MySQL manual, "Alternative Storage Engines"; MariaDB documentation,
/// "Storage Engines"). Their names in whatever case.
final class StorageEngines {
    /// In files or memory of the server's own, for this table alone.
    private static final Set<String> OWN =
            Set.of("innodb", "myisam", "aria", "memory", "archive", "csv", "blackhole", "rocksdb", "columnstore");

    /// For this table alone, in a cluster whose other servers show them, too.
    private static final Set<String> SHARED = Set.of("ndb", "ndbcluster");

    /// On another server, in files of another program, or in other tables.
    private static final Set<String> ELSEWHERE =
            Set.of("federated", "connect", "spider", "sphinx", "s3", "merge", "mrg_myisam", "oqgraph");

    private StorageEngines() {}

    /// Whether a table's rows are in its database, and nowhere else.
    static boolean isLocal(String engine) {
        return OWN.contains(folded(engine));
    }

    /// Whether a table's rows are those of no other table and no other server.
    static boolean hasOwnRows(String engine) {
        return OWN.contains(folded(engine)) || SHARED.contains(folded(engine));
    }

    /// Whether a table's rows are known to be elsewhere, too, than in its database. A word that names no engine is
    /// none.
    static boolean reachesBeyond(String word) {
        return SHARED.contains(folded(word)) || ELSEWHERE.contains(folded(word));
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
