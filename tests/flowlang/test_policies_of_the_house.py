"""Policies of the house hold for every flow of their folder, and of the folders below it."""

from __future__ import annotations

from pathlib import Path

from flowlang.project.policies import policies_for, policies_in


def test_they_stand_beside_a_flow_or_above_it_in_its_project(tmp_path: Path) -> None:
    team = tmp_path / "team"
    team.mkdir()
    (tmp_path / "house.policy.flow").write_text('policy "house": record before transfer\n')
    (team / "team.policy.flow").write_text('policy "team": record before ask\n')
    titles = [policy.title for policy in policies_for(team / "a.flow", tmp_path)]
    assert sorted(titles) == ["house", "team"]
    assert [policy.title for policy in policies_for(tmp_path / "b.flow", tmp_path)] == ["house"]


def test_nothing_above_the_project_counts(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "other.policy.flow").write_text('policy "other": record before ask\n')
    assert policies_for(project / "a.flow", project) == ()


def test_a_broken_file_of_policies_hides_only_its_broken_lines(tmp_path: Path) -> None:
    (tmp_path / "a.policy.flow").write_text('policy "x": record before\nnonsense ((\n')
    (tmp_path / "b.policy.flow").write_text('policy "kept": record before ask\n')
    assert "kept" in [policy.title for policy in policies_in(tmp_path)]
