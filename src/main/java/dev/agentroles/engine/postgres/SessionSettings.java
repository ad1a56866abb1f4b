package dev.agentroles.engine.postgres;

import dev.agentroles.access.SessionBounds;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/// Session bounds as settings of a login, in milliseconds. The longest session has none: `reap` ends it.
final class SessionSettings {
    private SessionSettings() {}

    static SortedMap<String, String> of(SessionBounds bounds) {
        var settings = new TreeMap<String, String>();
        bounds.idleTimeout().map(SessionSettings::milliseconds).ifPresent(time -> {
            settings.put("idle_session_timeout", time);
            settings.put("idle_in_transaction_session_timeout", time);
        });
        bounds.statementTimeout()
                .map(SessionSettings::milliseconds)
                .ifPresent(time -> settings.put("statement_timeout", time));
        return settings;
    }

    private static String milliseconds(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
