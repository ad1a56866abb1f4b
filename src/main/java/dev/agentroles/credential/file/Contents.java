package dev.agentroles.credential.file;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import dev.agentroles.credential.LeaseSecret;
import dev.agentroles.credential.StorePath;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the file says when it is open. An older lease is not kept: nobody reads it, and it would be one
/// more secret.
record Contents(SortedMap<StorePath, Entry> entries) {
    /// Rises when a reader of today could misread a file of tomorrow.
    private static final int SCHEMA_VERSION = 1;

    static final Contents EMPTY = new Contents(new TreeMap<>());

    /// @param version of the newest write, also if its lease is gone
    record Entry(long version, Optional<Held> held) {
        Optional<LeaseSecret> lease() {
            return held.map(Held::lease);
        }
    }

    /// @param until when it must be forgotten, by this machine's clock; the lease itself knows the database's
    record Held(LeaseSecret lease, Instant until) {}

    Contents {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    Entry at(StorePath path) {
        return entries.getOrDefault(path, new Entry(0, Optional.empty()));
    }

    Contents with(StorePath path, Entry entry) {
        var changed = new TreeMap<>(entries);
        changed.put(path, entry);
        return new Contents(changed);
    }

    Contents without(StorePath path) {
        var changed = new TreeMap<>(entries);
        changed.remove(path);
        return new Contents(changed);
    }

    /// The contents without the leases that have ended; their versions still count.
    Contents livingAt(Instant now) {
        var living = new TreeMap<StorePath, Entry>();
        entries.forEach((path, entry) ->
                living.put(path, new Entry(entry.version(), entry.held().filter(held -> now.isBefore(held.until())))));
        return new Contents(living);
    }

    String toJson() {
        var writer = JsonWriter.indent("  ")
                .string()
                .object()
                .value("schema_version", SCHEMA_VERSION)
                .value("managed_by", "agentroles")
                .object("secrets");
        entries.forEach((path, entry) -> {
            writer.object(path.value()).value("version", entry.version());
            entry.held().ifPresent(held -> {
                writer.value("until", held.until().toString());
                writer.object("lease");
                held.lease().writeTo(writer::value);
                writer.end();
            });
            writer.end();
        });
        return writer.end().end().done() + "\n";
    }

    /// @throws UnreadableException if the text is not what [#toJson] writes
    static Contents parse(String json) throws UnreadableException {
        try {
            var root = JsonParser.object().from(json);
            int version = root.getInt("schema_version");
            if (version != SCHEMA_VERSION) {
                throw new UnreadableException(
                        "it has schema_version " + version + ", and this program knows " + SCHEMA_VERSION);
            }
            var entries = new TreeMap<StorePath, Entry>();
            for (var secret : root.getObject("secrets", new JsonObject()).entrySet()) {
                entries.put(new StorePath(secret.getKey()), entry(secret));
            }
            return new Contents(entries);
        } catch (JsonParserException e) {
            // Not kept as the cause: its message may quote the text, which is secret.
            throw new UnreadableException("it holds no JSON of ours");
        } catch (IllegalArgumentException | ClassCastException | DateTimeException e) {
            throw new UnreadableException("it holds something that no store of ours writes");
        }
    }

    private static Entry entry(Map.Entry<String, Object> secret) {
        var fields = (JsonObject) secret.getValue();
        var lease = Optional.ofNullable(fields.getObject("lease"))
                .flatMap(written -> LeaseSecret.readFrom(name -> Optional.ofNullable(written.getString(name))));
        return new Entry(
                fields.getLong("version"),
                lease.map(known -> new Held(known, Instant.parse(fields.getString("until", "")))));
    }

    /// The file opens, and what is in it is not ours. The message holds nothing of it.
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String why) {
            super(why);
        }
    }
}
