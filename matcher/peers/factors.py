"""Matrix factorisation (implicit's alternating least squares, Hu et al. 2008) of who was sent for which categories."""

from typing import ClassVar

import numpy as np
from scipy import sparse

from matcher.features.pairs import Pairs
from matcher.peers.extra import imported
from matcher.peers.peer import Arrays, Floats, ReadingPeer
from matcher.rankers.base import Scores
from matcher.rankers.training import Material

WIDTH, ROUNDS, CONFIDENCE, RIDGE = 32, 15, 5.0, 0.1


class ImplicitFactors(ReadingPeer):
    """Factors of categories and of experts; a new consultation is the mean of its categories."""

    name: ClassVar[str] = "implicit_als"
    package: ClassVar[str] = "implicit"

    def learn(self, material: Material, seed: int) -> Arrays:
        """Nothing where nobody was sent."""
        history = material.history
        if not len(history):
            return {}
        expert = np.repeat(np.arange(len(history.expert_ids)), np.diff(history.first))
        ci, _, _ = material.case_rows()
        case, category = np.nonzero(material.consultations.kinds[ci])
        shape = (len(material.schema.categories), len(history.expert_ids))
        sent = sparse.csr_matrix((np.ones(len(case), dtype=np.float32), (category, expert[case])), shape)
        model = imported("implicit.als").AlternatingLeastSquares(
            factors=WIDTH, iterations=ROUNDS, alpha=CONFIDENCE, regularization=RIDGE, num_threads=1, random_state=seed
        )
        model.fit(sent, show_progress=False)
        return {"categories": np.asarray(model.user_factors), "experts": np.asarray(model.item_factors)}

    def read(self, pairs: Pairs) -> Floats:
        """The product of both factors, one column; 0 for an expert who was never sent."""
        if not self.arrays:
            return np.zeros((len(pairs), 1))
        kinds = pairs.consultations.kinds.astype(np.float64)
        asked = kinds @ self.arrays["categories"] / kinds.sum(axis=1, keepdims=True)
        product = np.einsum("nd,nd->n", asked[pairs.ci], self.arrays["experts"][pairs.place].astype(np.float64))
        return np.where(pairs.place >= 0, product, 0.0)[:, None]

    def decide(self, values: Floats) -> Scores:
        """The product itself."""
        return Scores.without_probability(values[:, 0])
