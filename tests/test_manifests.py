"""The manifests for Kubernetes are what the published schemas allow, its own and that of Dask's operator."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import ROOT

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
kubernetes = pytest.importorskip(
    "kubernetes_validate", reason="the group 'kubernetes' is not installed; `make manifests` installs it"
)

OLDEST = "1.29"
"""The first in which an index of a Job has tries of its own by default."""
CLUSTER = "operator/deployment/helm/dask-kubernetes-operator/crds/daskcluster.yaml"
"""Where the package of Dask's operator has the schema of a cluster."""


def manifests(kind: str) -> list[Any]:
    """Return the manifests of a kind, each with the name of its file."""
    files = sorted((ROOT / "examples/kubernetes").glob("*.yaml"))
    found = [(file.stem, each) for file in files for each in yaml.safe_load_all(file.read_text("utf-8"))]
    return [pytest.param(each, id=name) for name, each in found if each["kind"] == kind]


def cluster() -> dict[str, Any]:
    """Return the one cluster."""
    (found,) = manifests("DaskCluster")
    manifest: dict[str, Any] = found.values[0]
    return manifest


@pytest.mark.parametrize("version", [OLDEST, kubernetes.latest_version()])
@pytest.mark.parametrize("job", manifests("Job"))
def test_jobs_are_what_kubernetes_knows(job: dict[str, Any], version: str) -> None:
    kubernetes.validate(job, version, strict=True)


@pytest.mark.parametrize("version", [OLDEST, kubernetes.latest_version()])
def test_pods_and_service_of_the_cluster_are_what_kubernetes_knows(version: str) -> None:
    spec = cluster()["spec"]
    for part in ("worker", "scheduler"):
        kubernetes.validate(_alone("Pod", spec[part]["spec"]), version, strict=True)
    kubernetes.validate(_alone("Service", spec["scheduler"]["service"]), version, strict=True)


def _alone(kind: str, spec: object) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "alone"}, "spec": spec}


def test_what_is_misspelt_is_found() -> None:
    misspelt = _alone("Pod", {"containers": [{"name": "worker", "volumeMount": []}]})
    with pytest.raises(kubernetes.ValidationError, match="volumeMount"):
        kubernetes.validate(misspelt, OLDEST, strict=True)


def test_the_cluster_is_what_its_operator_knows() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    package = importlib.util.find_spec("dask_kubernetes")
    if package is None or not package.submodule_search_locations:
        pytest.skip("dask-kubernetes is not installed; `make manifests` installs it")
    definition = yaml.safe_load(Path(package.submodule_search_locations[0], CLUSTER).read_text("utf-8"))
    (version,) = [each for each in definition["spec"]["versions"] if each["served"]]
    schema = _strict(version["schema"]["openAPIV3Schema"])
    schema["properties"] |= {name: {} for name in ("apiVersion", "kind", "metadata")}  # which every manifest may have
    names = definition["spec"]
    assert cluster()["apiVersion"] == f"{names['group']}/{version['name']}"
    jsonschema.validate(cluster(), schema)
    with pytest.raises(jsonschema.ValidationError, match="replica"):
        jsonschema.validate({**cluster(), "spec": {**cluster()["spec"], "worker": {"replica": 1}}}, schema)


def _strict(schema: Any) -> Any:  # noqa: ANN401 - as YAML has it
    """Return a schema that knows no fields but its own."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: _strict(value) for name, value in schema.items()}
    if isinstance(strict.get("properties"), dict) and "x-kubernetes-preserve-unknown-fields" not in strict:
        strict.setdefault("additionalProperties", False)
    return strict
