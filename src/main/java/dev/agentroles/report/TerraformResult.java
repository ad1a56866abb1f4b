package dev.agentroles.report;

import com.grack.nanojson.JsonWriter;
import dev.agentroles.apply.Proposal;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.Workspace;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/// What Terraform's `external` data source takes: one flat object of strings.
public final class TerraformResult {
    private TerraformResult() {}

    /// @param proposals of the databases that were looked at
    public static String of(Profile profile, List<Proposal> proposals, String fingerprint, boolean frozen) {
        int changes = proposals.stream()
                .mapToInt(proposal -> proposal.plan().steps().size())
                .sum();
        var json = JsonWriter.string().object();
        json.value("schema_version", Integer.toString(Json.SCHEMA_VERSION));
        json.value("profile", profile.source());
        json.value("environment", profile.environment());
        json.value("fingerprint", fingerprint);
        json.value("pending", Boolean.toString(changes > 0));
        json.value("changes", Integer.toString(changes));
        json.value("frozen", Boolean.toString(frozen));
        var agents = new TreeSet<String>();
        for (var proposal : proposals) {
            var database = proposal.database();
            var entry = Objects.requireNonNull(profile.databases().get(database), database);
            for (var agent : profile.agentsOf(database)) {
                agents.add(agent.name());
                var which = database + "." + agent.name();
                json.value(
                        "path." + which,
                        Workspace.path(profile, entry, agent.name()).value());
                json.value("tiers." + which, profile.tiersOf(agent, database));
            }
        }
        json.value("agents", String.join(",", agents));
        return json.end().done() + "\n";
    }
}
