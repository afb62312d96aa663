"""Which commands there are, so that ``verriere --help`` can name them without importing one."""

from dataclasses import dataclass

FACILITY, DATA, PEOPLE = "The facility", "Data", "People and time"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command, as the list of commands shows it.

    Parameters
    ----------
    name
        What a person types.
    section
        Heading it stands under.
    summary
        One line; the command's own help begins with it.
    """

    name: str
    section: str
    summary: str

    @property
    def module(self) -> str:
        """Where the command is; the module has a Typer application named ``app``."""
        return f"verriere.cli.{self.name}"


ENTRIES = (
    Entry("demo", FACILITY, "Make a facility with one simulated visit on three beamlines, and serve its portal"),
    Entry("init", FACILITY, "Make a new, empty facility"),
    Entry("serve", FACILITY, "Serve the portal until it is interrupted"),
    Entry("doctor", FACILITY, "Check the installation and the facility, and say what to do"),
    Entry("upgrade", FACILITY, "Bring the database up to this version of Verriere"),
    Entry("rebuild", FACILITY, "Make the database again from the archive"),
    Entry("check", DATA, "Say what would be captured from files, and what is missing"),
    Entry("convert", DATA, "Convert NMR, EPR, mass spectra, diffraction frames and XDI to NeXus"),
    Entry("ingest", DATA, "Take files into the archive and the catalogue"),
    Entry("search", DATA, "Find datasets"),
    Entry("show", DATA, "Show all that is known of one dataset"),
    Entry("download", DATA, "Copy a dataset out of the archive and check every byte"),
    Entry("profile", DATA, "What a complete record of a technique has"),
    Entry("export", DATA, "Write what anyone may have of a dataset, a visit, an instrument, a sample or a collection"),
    Entry("verify", DATA, "Read the archive again and compare every byte with its digest"),
    Entry("cite", DATA, "Cite what everybody finds with a query now"),
    Entry("citation", DATA, "Cited queries and parts of datasets: list, show, check them"),
    Entry("publish", DATA, "Give something a DOI that the world may know, and tell the registrar"),
    Entry("withdraw", DATA, "Withdraw what was published: its DOI leads to its citation and the reason from then on"),
    Entry("collection", DATA, "Datasets that are cited together"),
    Entry(
        "relate",
        DATA,
        "Say what a dataset, a sample or a proposal belongs with: a paper, a structure, software, other data",
    ),
    Entry("quarantine", DATA, "Datasets whose visit nobody knows yet"),
    Entry("user", PEOPLE, "Accounts of those who can log in"),
    Entry("person", PEOPLE, "What is kept of a person and why, a copy of it for them, and its erasure"),
    Entry("proposal", PEOPLE, "Proposals, visits, their teams and samples"),
    Entry("sample", PEOPLE, "Samples: declared by a table, shown, listed, with what they were cut from"),
    Entry("dmp", PEOPLE, "Data management plans: every proposal has one, made by itself"),
    Entry("embargo", PEOPLE, "How embargoes stand, what was asked about them, and deciding"),
    Entry("volumes", PEOPLE, "How much was recorded, by year and beamline, and how much there will be"),
    Entry("clock", PEOPLE, "Apply every change of state that is due: open what is due to open, and tell the registrar"),
    Entry(
        "usage",
        PEOPLE,
        "Report looks and downloads of every dataset that anyone may know of; without a period, of this month",
    ),
    Entry("history", PEOPLE, "Show what happened, in the order it happened"),
)
BY_NAME = {entry.name: entry for entry in ENTRIES}
