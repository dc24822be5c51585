# Reference values of the measures by scikit-learn and SciPy: `python3 reference.py > reference.json`, run in this folder.
# The inputs are formulas that reference-data.ts repeats.
import json
import numpy as np
import scipy
import sklearn
from scipy.optimize import linear_sum_assignment
from scipy.linalg import orthogonal_procrustes
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

n, D = 60, 3
i, d = np.arange(n)[:, None], np.arange(D)[None, :]
labels = np.arange(n) % 3
x = np.sin(0.7 * (d + 1) * i + d) + 0.5 * labels[:, None] * (d == 0)
other = np.cos(0.3 * (d + 2) * i)
clusters = (np.arange(n) * 7 // 5) % 4
scores = np.round(2 * x[:, 1]) / 2
positive = labels == 1


def logistic(y, C):
    model = LogisticRegression(C=C, tol=1e-12, max_iter=10000).fit(x, y)
    return np.hstack([model.coef_, model.intercept_[:, None]]).tolist()


cost = np.round(10 * np.sin(np.arange(30) ** 2).reshape(5, 6), 3)
pca = PCA().fit(x)
start = x[[0, 20, 40]]
kmeans = KMeans(3, init=start, n_init=1, tol=0, algorithm="lloyd").fit(x)
relevance = np.arange(n) % 4
print(
    json.dumps(
        {
            "versions": {"sklearn": sklearn.__version__, "scipy": scipy.__version__},
            "logistic3": {str(C): logistic(labels, C) for C in (0.1, 10)},
            "logistic2": logistic(positive.astype(int), 1),
            "pcaVariances": pca.explained_variance_.tolist(),
            "procrustes": orthogonal_procrustes(x, other)[0].tolist(),
            "nmi": metrics.normalized_mutual_info_score(labels, clusters),
            "ari": metrics.adjusted_rand_score(labels, clusters),
            "silhouette": metrics.silhouette_score(x, labels),
            "kMeansInertia": kmeans.inertia_,
            "kMeansLabels": kmeans.labels_.tolist(),
            "assignmentCost": cost[linear_sum_assignment(cost)].sum(),
            "auroc": metrics.roc_auc_score(positive, scores),
            "averagePrecision": metrics.average_precision_score(positive, scores),
            "ndcg10": metrics.ndcg_score([relevance], [scores], k=10),
            "ndcg60": metrics.ndcg_score([relevance], [scores]),
        },
        indent=1,
    )
)
