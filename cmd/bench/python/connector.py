"""The reference connector for the Python framework: what carjs is measured beside.

It makes the same vertices and edges as connectors/reference, with the classes of car_framework as their documentation has them.
"""

import sys

import requests
from car_framework.app import BaseApp
from car_framework.context import context
from car_framework.data_handler import BaseDataHandler
from car_framework.extension import SchemaExtension
from car_framework.full_import import BaseFullImport
from car_framework.inc_import import BaseIncrementalImport
from car_framework.server_access import BaseAssetServer

PAGE_SIZE = 1000

EXTENSION = """{
  "vertices": [
    {"name": "site", "properties": {
      "name": {"type": "text", "description": "name of the site", "indexed": true, "required": true, "default": ""},
      "address": {"type": "text", "description": "postal address of the site", "required": true, "default": ""}}},
    {"name": "asset", "properties": {
      "initial_value": {"type": "numeric", "description": "value of the asset when it was bought"}}}
  ],
  "edges": [{"end1": "site", "end2": "asset"}]
}"""


def last_segment(url):
    """The number of the row that a URL refers to."""
    return url.rstrip("/").rsplit("/", 1)[-1]


class AssetServer(BaseAssetServer):
    """Access to the data source."""

    def __init__(self):
        args = context().args
        self.url = args.url
        self.session = requests.Session()
        self.session.auth = (args.username, args.password)

    def get(self, url, **params):
        answer = self.session.get(url, params=params)
        answer.raise_for_status()
        return answer.json()

    def test_connection(self):
        self.model_state_id()
        return 0

    def model_state_id(self):
        return self.get(self.url + "/model_state_id")["model_state_id"]

    def rows(self, kind):
        """All rows of a kind, page by page."""
        page = self.get(self.url + "/" + kind, limit=PAGE_SIZE, offset=0)
        while True:
            yield from page["results"]
            if not page["next"]:
                return
            page = self.get(page["next"])


class DataHandler(BaseDataHandler):
    """Maps rows to vertices and edges. The framework wants every edge to know the report."""

    def __init__(self):
        super().__init__()
        self.xrefs = {}
        self.vulnerabilities_of = {}
        self.address_of = {}

    def create_source_report_object(self):
        if not self.source_report:
            args = context().args
            description = "Reference data source"
            self.source = {"_key": args.CONNECTION_NAME, "name": args.url, "description": description}
            self.report = {"_key": str(self.timestamp), "timestamp": self.timestamp, "type": description, "description": description}
            self.source_report = {"source": self.source, "report": self.report}
        return dict(self.source_report)

    def xrefproperties(self, row):
        names = ("extref_typename", "extref_value")
        self.xrefs[str(row["pk"])] = {name: row[name] for name in names} | {"q_extref_typeid": str(row["q_extref_typeid"])}

    def vulnerabilities(self, row):
        vulnerability = {"external_id": str(row["pk"]), "vcvssbmid": str(row["vcvssbmid"])}
        for name in ("name", "published_on", "disclosed_on", "updated_on", "base_score"):
            vulnerability[name] = row[name]
        numbers = [last_segment(reference) for reference in row["xref_properties"]]
        vulnerability["xref_properties"] = {number: self.xrefs[number] for number in numbers if number in self.xrefs}
        self.add_collection("vulnerability", vulnerability, "external_id")

    def sites(self, row):
        self.add_collection("site", {"external_id": str(row["pk"]), "name": row["name"], "address": row["address"]}, "external_id")

    def assets(self, row):
        number = str(row["pk"])
        asset = {"external_id": number, "assetid": number, "name": row["name"], "asset_type": row["type"], "initial_value": row["initial_value"]}
        self.add_collection("asset", asset, "external_id")
        self.vulnerabilities_of[number] = [last_segment(reference) for reference in row["vulnerabilities"]]
        for vulnerability in self.vulnerabilities_of[number]:
            self.add_edge("asset_vulnerability", {"_from_external_id": number, "_to_external_id": vulnerability})
        if row["site"]:
            self.add_edge("site_asset", {"_from_external_id": last_segment(row["site"]), "_to_external_id": number})

    def keyed(self, collection, row, key):
        self.add_collection(collection, {"_key": key}, "_key")
        self.add_edge("asset_" + collection, {"_from_external_id": last_segment(row["asset"]), "_to": collection + "/" + key})

    def ip_addresses(self, row):
        self.keyed("ipaddress", row, row["address"])
        self.address_of[str(row["pk"])] = row["address"]

    def mac_addresses(self, row):
        self.keyed("macaddress", row, row["address"])

    def hosts(self, row):
        self.keyed("hostname", row, row["host"])

    def apps(self, row):
        number = str(row["pk"])
        self.add_collection("application", {"external_id": number, "name": row["name"]}, "external_id")
        for asset in row["assets"]:
            for vulnerability in self.vulnerabilities_of.get(last_segment(asset), ()):
                self.add_edge("application_vulnerability", {"_from_external_id": number, "_to_external_id": vulnerability})

    def ports(self, row):
        number = str(row["pk"])
        port = {"external_id": number} | {name: row[name] for name in ("port_number", "protocol", "layer7application")}
        self.add_collection("port", port, "external_id")
        for app in row["apps"]:
            self.add_edge("application_port", {"_from_external_id": last_segment(app), "_to_external_id": number})
        for reference in row["ip_addresses"]:
            address = self.address_of.get(last_segment(reference))
            if address is not None:
                self.add_edge("ipaddress_port", {"_from": "ipaddress/" + address, "_to_external_id": number})


class FullImport(BaseFullImport):
    """Imports everything that the data source has."""

    def __init__(self):
        super().__init__()
        self.handler = DataHandler()

    def create_source_report_object(self):
        return self.handler.create_source_report_object()

    def get_new_model_state_id(self):
        return context().asset_server.model_state_id()

    def import_vertices(self):
        for kind in ("xrefproperties", "vulnerabilities", "sites", "assets", "ip_addresses", "mac_addresses", "hosts", "apps", "ports"):
            add = getattr(self.handler, kind)
            for row in context().asset_server.rows(kind):
                add(row)
        self.handler.send_collections(self)

    def import_edges(self):
        self.handler.send_edges(self)


class App(BaseApp):
    def __init__(self):
        super().__init__("The reference connector")
        for name in ("url", "username", "password"):
            self.parser.add_argument("-" + name, required=True)

    def setup(self):
        super().setup()
        context().asset_server = AssetServer()
        context().full_importer = FullImport()
        # CAR has no save point in the benchmark, which the framework's own class finds out before it needs more.
        context().inc_importer = BaseIncrementalImport()

    def get_schema_extension(self):
        return SchemaExtension("6a5f0c2e-8f43-4c55-9f0b-2b7f5a0f6f7d", "Reference Connector", "1", EXTENSION)


if __name__ == "__main__":
    app = App()
    app.setup()
    app.run()
    sys.exit(0)
